"""Local sockets: by path, abstract, and in pairs.

Expect: all WRONG
"""

import contextlib
import socket


def attack(*args):
    for make in (socket.socketpair, lambda: socket.socket(socket.AF_UNIX), lambda: socket.socket(socket.AF_NETLINK)):
        with contextlib.suppress(OSError):
            print("BREACH open", make())
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
