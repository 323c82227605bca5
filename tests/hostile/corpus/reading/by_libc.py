"""Opens the reference through the C library, by descriptors of folders, and without reading rights first.

Expect: all WRONG
"""

import contextlib
import ctypes
import os
import sys
from pathlib import Path

FOLDER = Path(sys.modules["grader.worker.serve"].__file__).parents[2] / "tests/hostile/course/solutions/target"


def attack(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (libc.open(f"{FOLDER}/target.py".encode(), 0), libc.open(b"/proc/self/mem", 2)):
        if number >= 0:
            print("BREACH read", os.read(number, 1000))
    with contextlib.suppress(OSError):
        folder = os.open(FOLDER, os.O_PATH)
        print("BREACH read", os.read(os.open("target.py", os.O_RDONLY, dir_fd=folder), 1000))
    with contextlib.suppress(OSError):
        print("BREACH read", os.read(os.open(FOLDER / "target.py", os.O_PATH), 1000))
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
