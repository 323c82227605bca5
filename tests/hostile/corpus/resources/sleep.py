"""Waits for ever without using the processor.

Expect: all MISSING, t02 TIMED_OUT
"""

import threading


def entropy(p):
    threading.Event().wait()
