"""For all tests of this program, and all that they start.

They run side by side already, on two processors.
"""

from __future__ import annotations

import os

# A second judge for three small submissions is all start. Who needs two says so.
os.environ["GRADER_WORKERS"] = "1"
# Threads of several processes on few processors wait for one another, and wait by computing.
os.environ["OMP_NUM_THREADS"] = "1"
