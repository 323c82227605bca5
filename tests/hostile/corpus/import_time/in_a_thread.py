"""Imports go on in a thread, which defines the functions later.

Expect: all MISSING
"""

import threading
import time


def later():
    time.sleep(0.2)
    globals()["entropy"] = lambda p: 0.0


threading.Thread(target=later).start()
