"""Has the kernel end it by an alarm.

Expect: all MISSING, t02 CRASHED
"""

import signal


def entropy(p):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while True:
        pass
