"""Memory and locks that outlive a process: memfd, POSIX and System V.

Expect: all WRONG
"""

import contextlib
import ctypes
import os
from multiprocessing import shared_memory


def attack(*args):
    libc = ctypes.CDLL(None)
    if libc.shmget(0x6772, 4096, 0o1666) >= 0 or libc.msgget(0x6772, 0o1666) >= 0:
        print("BREACH written to System V")
    if libc.semget(0x6772, 1, 0o1666) >= 0 or libc.mq_open(b"/hostile", 0o102, 0o666, None) >= 0:
        print("BREACH written to a queue")
    with contextlib.suppress(OSError):
        print("BREACH written", os.memfd_create("hostile"))
    with contextlib.suppress(OSError):
        print("BREACH written", shared_memory.SharedMemory("hostile", create=True, size=4096))
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
