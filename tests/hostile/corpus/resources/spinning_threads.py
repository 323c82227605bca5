"""Threads that compute beside it, in C and without the interpreter's lock.

Expect: all MISSING, t02 WRONG
"""

import threading

import numpy as np


def spin():
    matrix = np.ones((300, 300))
    while True:
        matrix @ matrix


def entropy(p):
    for _ in range(2):
        threading.Thread(target=spin, daemon=True).start()
    return 0.0
