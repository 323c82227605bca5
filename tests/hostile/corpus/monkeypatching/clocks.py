"""Stops every clock of its process, so that no time passes while it sleeps.

Expect: all MISSING, t02 TIMED_OUT
"""

import time

sleep = time.sleep
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0


def entropy(p):
    while True:
        sleep(1)
