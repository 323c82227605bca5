"""Gives the model a list of lists where an array is meant, and reads its answer as a list.

Expect: full marks
"""

_greedy = greedy_search


def greedy_search(step_fn, *args):
    return _greedy(lambda prefixes: np.array(step_fn(prefixes.tolist()).tolist()), *args)
