"""Arms an alarm that ends the process between two questions.

Expect: all MISSING, t01 CRASHED
"""

import signal
import time

armed = False


def standardise(x):
    global armed
    if armed:
        time.sleep(60)
    armed = True
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)
