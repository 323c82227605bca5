"""Signals the fork server's main thread by a bare system call.

Expect: all RAISED
"""

import ctypes
import os


def attack(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(234, os.getppid(), os.getppid(), 0) == 0:
        return "no wall: not tried"
    if libc.syscall(234, os.getppid(), os.getppid(), 9) != 0:
        raise OSError(ctypes.get_errno(), "tgkill")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
