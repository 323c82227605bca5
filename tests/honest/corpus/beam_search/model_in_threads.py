"""Asks the model from many threads at once.

Expect: full marks
"""

from concurrent.futures import ThreadPoolExecutor

_exhaustive, _search = exhaustive_search, beam_search


def beam_search(step_fn, *args, **kwargs):
    with ThreadPoolExecutor(1) as pool:
        return _search(lambda prefixes: pool.submit(step_fn, prefixes).result(), *args, **kwargs)


def exhaustive_search(step_fn, bos_id, eos_id, max_len, **kwargs):
    first = np.array([[bos_id]])
    with ThreadPoolExecutor(8) as pool:
        same = list(pool.map(step_fn, [first] * 40))
    assert all((answer == same[0]).all() for answer in same)
    return _exhaustive(step_fn, bos_id, eos_id, max_len, **kwargs)
