# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors

"""What the lint tests share: the files of the tree, and TAP."""

import os
import sys

SKIPPED_FOLDERS = {".git", "__pycache__"}


def files(root, suffixes=("",)):
    """Yield the path, from the root, of each file that is ours."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            f
            for f in folders
            if f not in SKIPPED_FOLDERS
            and not (folder == root and f.startswith("build"))
        )
        for name in sorted(names):
            if name.endswith(tuple(suffixes)):
                yield os.path.relpath(os.path.join(folder, name), root)


def read_text(root, path):
    """Return a file's text, or None where it is no text."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


class Skip(Exception):
    """Raised by a sentence that cannot be tried here, with the reason."""


def run(sentences):
    """Try each sentence, a function that yields what contradicts it."""
    print(f"1..{len(sentences)}")
    status = 0
    for number, sentence in enumerate(sentences, 1):
        name = sentence.__name__.replace("_", " ")
        try:
            faults = list(sentence())
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}")
            continue
        for fault in faults:
            print(f"# {fault}")
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
        status = status or (1 if faults else 0)
    sys.exit(status)
