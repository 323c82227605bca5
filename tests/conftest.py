"""For all tests of this program."""

from __future__ import annotations

import os

# The tests run side by side already, and a second judge for three small submissions is all start. Who needs
# two says so.
os.environ["GRADER_WORKERS"] = "1"
