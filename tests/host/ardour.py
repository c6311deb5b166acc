#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""A session in Ardour: made, saved, loaded by a new process, exported.

Arguments: the folder of the bundle's folder, the tool, ardour7-lua. The export
must equal what the tool makes of the same files.
"""

import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import wav

RATE = 48000
N_DRY = RATE
N_OUT = 3 * RATE
BOUND_DB = -110.0
PRESET_ID = "b5f5f0e4-7d53-4b1c-9d5a-5d8a1c0f7a11"
FLOAT_FORMAT_ID = "20b4ab09-6452-4cb3-bd66-b921cdbd2942"
SUPERCLOCKS = 282240000  # a second, in Ardour's unit of time

CREATE = """
assert(create_session("{session}", "test", {rate}))
track = Session:new_audio_track(2, 2, nil, 1, "dry",
  ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true):front()
plugin = ARDOUR.LuaAPI.new_plugin(Session, "urn:faltung:stereo",
  ARDOUR.PluginType.LV2, "{preset}")
assert(not plugin:isnil())
assert(track:add_processor_by_index(plugin, 0, nil, true) == 0)
function set(label, value)
  local p, nth = plugin:to_insert():plugin(0), 0
  for j = 0, p:parameter_count() - 1 do
    if p:parameter_is_control(j) then
      if p:parameter_label(j) == label then
        assert(ARDOUR.LuaAPI.set_processor_param(plugin, nth, value))
        return
      end
      nth = nth + 1
    end
  end
  error(label)
end
{settings}
Session:save_state("")
close_session()
quit()
"""

EXPORT = """
assert(load_session("{session}", "test"))
export = Session:simple_export()
export:set_folder("{session}/export")
export:set_name("out")
assert(export:set_preset("{preset_id}"))
export:set_range(0, {n})
assert(export:check_outputs())
assert(export:run_export())
close_session()
quit()
"""

EXPORT_PRESET = f"""<?xml version="1.0" encoding="UTF-8"?>
<ExportPreset id="{PRESET_ID}" name="float">
  <ExportFormat id="{FLOAT_FORMAT_ID}"/>
  <ExportFilename>
    <Folder relative="true" path="/export"/>
    <Field name="label" enabled="false"/>
    <Field name="session" enabled="false"/>
    <Field name="revision" enabled="false"/>
    <Field name="time" enabled="false" value="T_None"/>
    <Field name="date" enabled="false" value="D_None"/>
  </ExportFilename>
</ExportPreset>
"""

REGION = """<Region name="dry" type="audio" id="{id}" whole-file="{whole}"
  start="a0" length="a{length}@a0" opaque="1" stretch="1" shift="1"
  fade-in-active="0" fade-out-active="0" scale-amplitude="1" channels="2"
  source-0="{s0}" source-1="{s1}" master-source-0="{s0}"
  master-source-1="{s1}"/>
"""


class Ardour:
    """Runs scripts with a home and plugins of its own."""

    def __init__(self, program, home, bundles):
        self.program = program
        self.home = home
        export = home / ".config" / "ardour7" / "export"
        export.mkdir(parents=True)
        (export / "float.preset").write_text(EXPORT_PRESET)
        self.env = dict(
            os.environ,
            HOME=str(home),
            XDG_CONFIG_HOME=str(home / ".config"),
            LV2_PATH=f"{bundles}:/usr/lib/lv2",
        )

    def run(self, script):
        path = self.home / "script.lua"
        path.write_text(script)
        done = subprocess.run(
            [self.program, str(path)],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        if "Error: " in done.stdout or "error" in done.stdout.split():
            raise RuntimeError(done.stdout)
        return done.stdout


def put_audio(session, channels):
    """Lay a file on the session's track, as importing it would."""
    wav.write(
        session / "interchange" / session.name / "audiofiles" / "dry.wav",
        channels,
        RATE,
    )
    path = session / "test.ardour"
    text = path.read_text()
    first = int(re.search(r'id-counter="(\d+)"', text).group(1)) + 10
    length = len(channels[0]) * SUPERCLOCKS // RATE
    sources = "".join(
        f'<Source name="dry.wav" take-id="" type="audio" flags="" '
        f'id="{first + c}" channel="{c}" origin="" gain="1"/>'
        for c in range(2)
    )
    region = dict(length=length, s0=first, s1=first + 1)
    whole = REGION.format(whole=1, id=first + 2, **region)
    part = REGION.format(whole=0, id=first + 3, **region)
    text = text.replace("<Sources/>", f"<Sources>{sources}</Sources>")
    text = text.replace("<Regions/>", f"<Regions>{whole}</Regions>")
    text = re.sub(
        r'(<Playlist [^>]*name="dry"[^>]*)/>', rf"\1>{part}</Playlist>", text
    )
    text = re.sub(r'id-counter="\d+"', f'id-counter="{first + 20}"', text)
    path.write_text(text)


def round_trip(ardour, tool, folder, preset, file, bundle):
    session = folder / "session"
    ardour.run(
        CREATE.format(
            session=session,
            rate=RATE,
            preset=preset,
            settings='set("Dry", -90) set("Wet", 0) set("Match level", 0)',
        )
    )
    noise = random.Random(1)
    dry = [
        [noise.uniform(-0.1, 0.1) for _ in range(N_DRY)] for _ in range(2)
    ]
    put_audio(session, dry)

    # Moved, as when a session goes to another machine
    moved = folder / "moved"
    session.rename(moved)
    (moved / "interchange" / "session").rename(
        moved / "interchange" / "moved"
    )
    ardour.run(
        EXPORT.format(session=moved, preset_id=PRESET_ID, n=N_OUT)
    )
    exported = wav.read(next((moved / "export").glob("*.wav")))

    wav.write(folder / "dry.wav", dry, RATE)
    subprocess.run(
        [
            tool, "convolve", "--quiet", str(folder / "dry.wav"),
            str(bundle / "faltung.lv2" / "ir" / file),
            "-o", str(folder / "wet.wav"),
        ],
        check=True,
    )  # fmt: skip
    return exported, wav.read(folder / "wet.wav")


def main():
    bundle, tool, program = sys.argv[1:4]
    cases = [("Plate", "plate.wav"), ("Concert Hall", "concert-hall.wav")]
    if not shutil.which(program):
        print("1..0 # SKIP no Ardour here")
        return
    print(f"1..{len(cases)}")
    for number, (preset, file) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory(prefix="faltung-ardour-") as name:
            folder = pathlib.Path(name)
            ardour = Ardour(program, folder / "home", bundle)
            exported, expected = round_trip(
                ardour, tool, folder, preset, file, pathlib.Path(bundle)
            )
            db = wav.difference_db(exported, expected, N_OUT)
        print(f"# {preset}: export against the tool {db:.1f} dB")
        good = db <= BOUND_DB and math.isfinite(db)
        print(
            f"{'ok' if good else 'not ok'} {number} - a session with "
            f"{preset} comes back in Ardour and exports what the tool makes"
        )


if __name__ == "__main__":
    main()
