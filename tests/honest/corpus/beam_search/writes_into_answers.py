"""Writes into what the model returned.

Expect: full marks
"""

_greedy, _search = greedy_search, beam_search


def _spoiled(step_fn):
    def call(prefixes):
        answer = step_fn(prefixes)
        copy = answer.copy()
        answer[:] = -1.0
        prefixes[:] = prefixes
        return copy

    return call


def greedy_search(step_fn, *args):
    return _greedy(_spoiled(step_fn), *args)


def beam_search(step_fn, *args, **kwargs):
    return _search(_spoiled(step_fn), *args, **kwargs)
