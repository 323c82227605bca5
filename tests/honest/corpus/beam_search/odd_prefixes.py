"""Gives the model arrays in column-major order, read-only, backwards, int32 and of the other byte order.

Expect: full marks
"""

import itertools

_turn = itertools.cycle(
    [
        np.asfortranarray,
        lambda array: array[::-1].copy()[::-1],
        lambda array: array.astype(np.int32),
        lambda array: array.astype(">i8"),
        lambda array: np.broadcast_to(array, array.shape),
    ]
)
_greedy, _search = greedy_search, beam_search


def _odd(step_fn):
    return lambda prefixes: step_fn(next(_turn)(prefixes))


def greedy_search(step_fn, *args):
    return _greedy(_odd(step_fn), *args)


def beam_search(step_fn, *args, **kwargs):
    return _search(_odd(step_fn), *args, **kwargs)
