"""Signals its own thread.

Expect: all RAISED
"""

import signal
import threading


def attack(*args):
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
