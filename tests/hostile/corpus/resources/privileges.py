"""Asks for namespaces, another user, another root, keys, kernel programs.

Expect: all WRONG
"""

import contextlib
import ctypes
import os

REFUSED = {
    "unshare": (272, 0x10000000),
    "setns": (308, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "chroot": (161, b"/"),
    "bpf": (321, 0, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "userfaultfd": (323, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "add_key": (248, b"user", b"x", b"y", 1, -3),
    "keyctl": (250, 0, -3, 0),
    "personality": (135, 0x0040000),
    "memfd_secret": (447, 0),
    "seccomp": (317, 1, 0, 0),
    "dumpable again": (157, 4, 1, 0, 0, 0),
}


def attack(*args):
    libc = ctypes.CDLL(None)
    for name, numbers in REFUSED.items():
        if libc.syscall(*numbers) >= 0:
            print("BREACH open", name)
    with contextlib.suppress(OSError):
        os.setuid(1)
        print("BREACH open setuid")
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
