"""Calls home.

Expect: all RAISED
"""

import socket


def attack(*args):
    return socket.create_connection(("127.0.0.1", 80), timeout=0.5)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
