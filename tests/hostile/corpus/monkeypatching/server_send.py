"""Replaces the worker's own method that sends: whatever happens, the reply is True.

Expect: all WRONG
"""

import sys

serve = sys.modules["grader.worker.serve"]
send = serve.Server._send


def lie(server, message):
    if hasattr(message, "id"):
        message = serve.Returned(message.id, True, 0)
    return send(server, message)


def attack(*args):
    serve.Server._send = lie
    raise RuntimeError("never told")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
