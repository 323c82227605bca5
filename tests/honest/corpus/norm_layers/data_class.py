"""Three results as the fields of a data class, where the handout asks for a tuple.

Expect: t05 WRONG, t06 WRONG, t07 WRONG, t09 WRONG, t10 WRONG, t11 WRONG, t12 WRONG, says "returned Three, not three values"
"""

from dataclasses import dataclass


@dataclass
class Three:
    first: np.ndarray
    second: np.ndarray
    third: np.ndarray


def dress_result(result):
    return Three(*result) if isinstance(result, tuple) and len(result) == 3 else result
