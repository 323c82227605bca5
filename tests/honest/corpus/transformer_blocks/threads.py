"""Runs each call in a thread.

Expect: full marks
"""

from concurrent.futures import ThreadPoolExecutor


def around(call):
    with ThreadPoolExecutor(4) as pool:
        return pool.submit(call).result()
