"""Writes files wherever files can be.

Expect: all WRONG
"""

import contextlib
import os
import tempfile


def attack(*args):
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/", "/run", os.path.expanduser("~"), "."):
        with contextlib.suppress(OSError), open(f"{folder}/hostile-was-here", "w") as file:
            print("BREACH written", file.name)
        with contextlib.suppress(OSError):
            os.mkdir(f"{folder}/hostile-was-here")
        with contextlib.suppress(OSError):
            os.symlink("/etc/passwd", f"{folder}/hostile-was-here")
    with contextlib.suppress(OSError):
        print("BREACH written", tempfile.NamedTemporaryFile())
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
