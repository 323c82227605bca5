"""A named tuple where a tuple is meant.

Expect: full marks
"""

from typing import NamedTuple


class Two(NamedTuple):
    mean: np.ndarray
    var: np.ndarray


class Three(NamedTuple):
    first: np.ndarray
    second: np.ndarray
    third: np.ndarray


def dress_result(result):
    return {2: Two, 3: Three}[len(result)](*result) if isinstance(result, tuple) else result
