"""An interval timer whose handler raises, over and over, in the worker's own code too.

Expect: all MISSING, t02 RAISED
"""

import signal


def storm(*args):
    raise KeyboardInterrupt


def entropy(p):
    signal.signal(signal.SIGALRM, storm)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while True:
        pass
