"""Reads a file by its URL.

Expect: all RAISED
"""

import urllib.request


def attack(*args):
    return urllib.request.urlopen("file:///etc/passwd").read()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
