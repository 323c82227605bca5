"""Goes round the filter by the x32 numbers of system calls. It only asks for its own number.

Expect: all CRASHED
"""

import ctypes


def attack(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(0x40000000 | 39)
    return f"getpid answered {result}"


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
