"""Looks for the test inside the function that it passed.

Expect: all MISSING, t04 WRONG
"""

import inspect


def iterate(step_fn, start, limit):
    for name in ("__closure__", "__code__", "__globals__", "__wrapped__", "__self__"):
        print(name, getattr(step_fn, name, "nothing"))
    print({name: repr(value) for name, value in inspect.getmembers(step_fn)})
    return [step_fn.__globals__ if hasattr(step_fn, "__globals__") else 0.0]
