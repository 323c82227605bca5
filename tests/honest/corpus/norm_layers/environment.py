"""Looks around: environment, processors, platform, time, folder of the module, home.

Expect: full marks
"""

import datetime
import os
import platform
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = str(os.cpu_count())
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.append("..")
here = Path(__file__).resolve().parent
home = Path.home()
started = time.time(), time.perf_counter(), datetime.datetime.now().astimezone(), platform.platform()
