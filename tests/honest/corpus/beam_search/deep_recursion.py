"""Recurses 900 deep on the way to the model, under Python's own limit.

Expect: full marks
"""

_greedy = greedy_search


def _deep(depth, step_fn, prefixes):
    return step_fn(prefixes) if depth == 0 else _deep(depth - 1, step_fn, prefixes)


def greedy_search(step_fn, *args):
    return _greedy(lambda prefixes: _deep(900, step_fn, prefixes), *args)
