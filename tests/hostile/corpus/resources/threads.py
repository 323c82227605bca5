"""Starts threads until no more will start.

Expect: all MISSING, t02 RAISED
"""

import threading
import time


def entropy(p):
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
