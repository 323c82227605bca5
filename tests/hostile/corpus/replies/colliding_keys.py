"""A dict whose keys, tuples of floats, have one hash: quadratic work for whoever builds it again.

Expect: all MISSING, t02 BAD_REPLY
"""

import itertools

# hash(2.0 ** (61 * k)) is 1 for every k.
FLOATS = [2.0 ** (61 * k) for k in range(-16, 17)]


def entropy(p):
    return dict.fromkeys(itertools.islice(itertools.product(FLOATS, repeat=3), 2000))
