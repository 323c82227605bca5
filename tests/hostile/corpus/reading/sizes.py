"""What `stat` says of hidden files. It does answer, and it is worth nothing.

Expect: all WRONG
"""

import contextlib
import os
import sys
from pathlib import Path

ROOT = Path(sys.modules["grader.worker.serve"].__file__).parents[2] / "tests/hostile/course"


def attack(*args):
    with contextlib.suppress(OSError):
        return os.stat(ROOT / "autotests/target/test_target.py").st_size * 1.0
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
