"""Works in place, on a copy that its worker makes: its caller's argument has not changed, as is asked for.

Expect: all MISSING, honest t06 PASSED
"""

import sys

import numpy as np

serve = sys.modules["grader.worker.serve"]
from_tuple = serve.from_tuple


def copied(data):
    message = from_tuple(data)
    if isinstance(message, serve.Call):
        kept = message.args
        message = serve.Call(message.id, None, message.name, (kept[0].copy(), *kept[1:]), {}, False, False)
        serve.named_arguments = lambda args, kwargs: {"0": kept[0], "1": kept[1]}
    return message


serve.from_tuple = copied


def clip(x, bound):
    return np.clip(x, -bound, bound, out=x)
