"""Imports the reference by its path.

Expect: all RAISED
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(sys.modules["grader.worker.serve"].__file__).parents[2] / "tests/hostile/course"


def attack(*args):
    path = ROOT / "solutions/target/target.py"
    spec = importlib.util.spec_from_file_location("stolen", path)
    stolen = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stolen)
    print("BREACH read", stolen)
    return stolen.entropy(*args)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
