"""Sets the fork server's limits.

Expect: all RAISED
"""

import os
import resource


def attack(*args):
    resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
