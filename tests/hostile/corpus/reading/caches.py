"""Reads compiled hidden tests, the repository and the records instead of the sources.

Expect: all WRONG
"""

import contextlib
import glob
import sys
from pathlib import Path

ROOT = Path(sys.modules["grader.worker.serve"].__file__).parents[2]


def attack(*args):
    for pattern in ("**/__pycache__/*target*", ".git/*", "**/*.sqlite", "**/solutions/*"):
        print(*("BREACH listed " + name for name in glob.glob(f"{ROOT}/{pattern}", recursive=True)))
    for name in (".git/HEAD", ".git/index", "records/records.sqlite"):
        with contextlib.suppress(OSError):
            print("BREACH read", (ROOT / name).read_bytes()[:100])
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
