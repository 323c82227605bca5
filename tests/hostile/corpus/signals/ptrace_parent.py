"""Attaches to the fork server as a debugger would; reads its memory without asking.

Expect: all RAISED
"""

import ctypes
import os


def attack(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(16)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 16)
    if libc.ptrace(0x4206, os.getppid(), None, None) == 0:
        return "attached"
    if libc.process_vm_readv(os.getppid(), vector, 1, vector, 1, 0) >= 0:
        return "read"
    raise OSError(ctypes.get_errno(), "refused")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
