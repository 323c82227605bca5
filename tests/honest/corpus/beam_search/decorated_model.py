"""Wraps the model with functools.wraps, prints its name, copies it deeply, and asks what it is.

Expect: full marks
"""

import copy
import functools
import inspect

_search = beam_search


def _told(step_fn):
    @functools.wraps(step_fn)
    def call(prefixes):
        print(step_fn.__name__, prefixes.shape, step_fn.__doc__)
        return step_fn(prefixes)

    return call


def beam_search(step_fn, *args, **kwargs):
    if not inspect.isfunction(step_fn):
        raise TypeError("step_fn is no function")
    inspect.signature(step_fn)
    return _search(copy.deepcopy(_told(step_fn)), *args, **kwargs)
