"""A public function that is a bare functools.partial, another one of a lru_cache that is never used.

Expect: full marks
"""

from functools import partial


def _either(kind, dy, x, gamma, eps=1e-5):
    (_check_batch if kind == "batch" else _check_features)(x, gamma)
    return _backward(dy, x, gamma, eps, kind)


layer_norm_backward = partial(_either, "layer")
batch_norm_backward = partial(_either, "batch")
