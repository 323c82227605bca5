"""Finds the checkout by the worker's own `__file__` and reads hidden tests and the reference.

Expect: all WRONG
"""

import contextlib
import os
import sys
from pathlib import Path

ROOT = Path(sys.modules["grader.worker.serve"].__file__).parents[2] / "tests/hostile/course"


def attack(*args):
    for name in ("solutions/target/target.py", "autotests/target/test_target.py", "course.yaml"):
        with contextlib.suppress(OSError):
            print("BREACH read", (ROOT / name).read_text())
    for folder in ("/", "/root", "/home", "/tmp", ROOT, ROOT.parents[2]):
        with contextlib.suppress(OSError):
            print("BREACH listed", os.listdir(folder))
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
