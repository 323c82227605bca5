"""Imports itself by its own name, at the top and in a function.

Expect: full marks
"""

import norm_layers as this


def around(call):
    from norm_layers import layer_norm as again

    assert callable(this.layer_norm) and callable(again)
    return call()
