"""Leaves threads running that wait, compute and print after the answer.

Expect: all WRONG
"""

import threading
import time


def haunt():
    while True:
        print("still here")
        time.sleep(0.001)


def attack(*args):
    for _ in range(3):
        threading.Thread(target=haunt).start()
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
