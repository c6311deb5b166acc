#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""Sum up the tests in meson's logs: tally.py LOG.json...

Every sentence that a test program states in TAP counts as one; a program that
prints no TAP counts as one by its exit code. A program that fails otherwise
than by a sentence (a crash, a time-out, no output at all) counts as one more
failure. Failed sentences and those that were skipped, with the reason, are named
on stderr; stdout gets the one line "N passed, N failed".
"""

import json
import re
import sys

TAP_LINE = re.compile(r"(not )?ok\b(?:\s+\d+)?(?:\s+-)?(.*)$")
TAP_PLAN = re.compile(r"1\.\.0\b")
SKIP = re.compile(r"\s*#\s*skip\S*\s*", re.IGNORECASE)
EXPECTED = re.compile(r"#\s*todo", re.IGNORECASE)


def tally_program(run):
    """Return (passed, [skipped], [failed sentences]) of one program's run."""
    passed, skipped, failed, spoke = 0, [], [], False
    for line in (run.get("stdout") or "").splitlines():
        spoke = spoke or TAP_PLAN.match(line) is not None
        match = TAP_LINE.match(line)
        if not match:
            continue
        spoke = True
        bad, rest = match.groups()
        if SKIP.search(rest):
            sentence, reason = SKIP.split(rest.strip(), 1)
            skipped.append(f"{sentence} ({reason})")
        elif bad and not EXPECTED.search(rest):
            failed.append(rest.strip())
        else:
            passed += 1

    result = run["result"]
    if result in ("OK", "EXPECTEDFAIL"):
        passed += 0 if spoke else 1
    elif result == "SKIP":
        if not spoke and run.get("returncode") == 77:
            skipped.append("all of it")
        elif not spoke:
            failed.append("printed nothing")
    elif not failed:
        failed.append(f"{result}, exit status {run.get('returncode')}")
    return passed, skipped, failed


def main(paths):
    """Print the sum of all logs; return the exit status."""
    passed = n_failed = 0
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                run = json.loads(line)
                p, skipped, failed = tally_program(run)
                passed += p
                n_failed += len(failed)
                for sentence in skipped:
                    print(f"SKIPPED {run['name']}: {sentence}", file=sys.stderr)
                for sentence in failed:
                    print(f"FAILED {run['name']}: {sentence}", file=sys.stderr)
    print(f"{passed} passed, {n_failed} failed")
    return 0 if passed and not n_failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
