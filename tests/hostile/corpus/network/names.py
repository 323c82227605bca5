"""Asks for the address of a name: data leaves in the question.

Expect: all RAISED
"""

import socket


def attack(*args):
    return socket.getaddrinfo("the-answer-is.example.org", 80)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
