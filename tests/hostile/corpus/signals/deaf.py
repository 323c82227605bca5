"""Ignores every signal that can be ignored, then loops.

Expect: all MISSING, t02 TIMED_OUT
"""

import contextlib
import signal


def entropy(p):
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
