"""Breaks the worker's reading of requests: it takes itself for the judge.

Expect: all CRASHED
"""

import sys

serve = sys.modules["grader.worker.serve"]


def attack(*args):
    serve.from_tuple = lambda data: serve.Answer(1, True)
    serve.describe_exception = lambda *args: serve.Returned(1, True, 0)
    sys.modules["grader.wire.messages"]._TYPES.clear()
    serve.to_tuple = None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
