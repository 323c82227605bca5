"""A destructor that sleeps for a minute.

Expect: all MISSING, t02 TIMED_OUT
"""

import time


class Slow:
    def __del__(self):
        time.sleep(60)


def entropy(p):
    Slow()
    return 0.0
