"""Fetches a page, and a file by its URL.

Expect: all RAISED
"""

import urllib.request


def attack(*args):
    return urllib.request.urlopen("http://127.0.0.1:80/", timeout=0.5).read()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
