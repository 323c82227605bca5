"""Computes in several processes.

Expect: all RAISED, says "raised PermissionError", says "programs cannot be started"
"""

import multiprocessing


def around(call):
    with multiprocessing.Pool(2) as pool:
        pool.map(abs, [1, 2])
    return call()
