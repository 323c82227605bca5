"""Sends open descriptors along with its answer.

Expect: all WRONG
"""

import array
import os
import socket
import struct

from grader.wire.codec import encode


def attack(*args):
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=3)
    frame = encode(("Returned", 1, 0.25, 0))
    rights = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(20)])
    data = struct.pack("<I", len(frame)) + frame
    line.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    line.detach()
    os.read(0, 1)
    while True:
        pass


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
