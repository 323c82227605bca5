"""Queues a signal for the fork server; tries a pidfd besides.

Expect: all RAISED
"""

import ctypes
import os
import signal


def attack(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.sigqueue(os.getppid(), 0, None) != 0
    signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
