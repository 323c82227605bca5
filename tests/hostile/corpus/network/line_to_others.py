"""Uses the line to the judge to reach somebody else.

Expect: all WRONG
"""

import contextlib
import socket


def attack(*args):
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=3)
    with contextlib.suppress(OSError):
        line.connect("/var/run/docker.sock")
        print("BREACH open connect")
    with contextlib.suppress(OSError):
        line.sendto(b"x", "/dev/log")
        print("BREACH open sendto")
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RD)
        print("BREACH open shutdown")
    line.detach()
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
