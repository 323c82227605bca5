"""Searches its own heap, byte by byte, for what its ancestors may have left there.

Expect: all MISSING, t02 WRONG
"""

import ctypes

BACKWARDS = b"-eht-fo-yranac"


def entropy(p):
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    end = libc.sbrk(0)
    heap = ctypes.string_at(end - 2**17, 2**17)  # the last pages before the break are certainly mapped
    if BACKWARDS in heap[::-1]:
        print("BREACH in the heap")
    return 0.0
