#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""The plugins in jalv, on a JACK server of their own without sound card.

Argument: the folder of the bundle's folder.
"""

import os
import shutil
import subprocess
import sys
import time

BUNDLES = sys.argv[1]
PLUGINS = [
    "urn:faltung:mono",
    "urn:faltung:mono-stereo",
    "urn:faltung:stereo",
]


def talk(uri, env):
    """Choose a preset, move a control, and return all that jalv says."""
    with subprocess.Popen(
        ["jalv", "-n", "faltung-test", uri],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as jalv:
        for line, pause_s in [
            (f"preset {uri}:cathedral", 1.5),
            ("monitors", 0.2),
            ("set wet -6", 0.5),
            ("controls", 0.2),
        ]:
            time.sleep(0.5)
            jalv.stdin.write(line + "\n")
            jalv.stdin.flush()
            time.sleep(pause_s)
        text, _ = jalv.communicate("quit\n", timeout=30)
        return text, jalv.returncode


def main():
    if not shutil.which("jalv") or not shutil.which("jackd"):
        print("1..0 # SKIP no jalv or jackd here")
        return

    env = dict(
        os.environ,
        LV2_PATH=f"{BUNDLES}:/usr/lib/lv2",
        JACK_DEFAULT_SERVER=f"faltung-{os.getpid()}",
        JACK_NO_AUDIO_RESERVATION="1",
    )
    server = subprocess.Popen(
        ["jackd", "-r", "-d", "dummy", "-r", "48000", "-p", "1024"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        subprocess.run(
            ["jack_wait", "-w", "-t", "30"],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        print(f"1..{len(PLUGINS)}")
        for number, uri in enumerate(PLUGINS, 1):
            text, status = talk(uri, env)
            good = (
                status == 0
                and "status = 2.0" in text
                and "wet = -6.0" in text
                and "error: failed" not in text
            )
            print(
                f"{'ok' if good else 'not ok'} {number} - jalv runs {uri}, "
                "takes a preset and moves a control"
            )
            if not good:
                print("# " + text.replace("\n", "\n# ") + f"exit {status}")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
