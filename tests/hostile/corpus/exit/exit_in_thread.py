"""Another thread ends the process while the main one waits.

Expect: all CRASHED
"""

import os
import threading


def attack(*args):
    thread = threading.Thread(target=os._exit, args=(0,))
    thread.start()
    thread.join()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
