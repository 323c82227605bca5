"""Waits for a call.

Expect: all RAISED
"""

import socket


def attack(*args):
    return socket.create_server(("127.0.0.1", 0))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
