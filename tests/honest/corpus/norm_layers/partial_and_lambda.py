"""Public functions that are a partial, a lambda, a callable instance and a static method.

Expect: full marks
"""

from functools import partial

_stats, _forward, _eval = norm_stats, layer_norm, batch_norm_eval


class Evaluator:
    def __call__(self, *args, **kwargs):
        return _eval(*args, **kwargs)


class Backward:
    @staticmethod
    def layer(dy, x, gamma, eps=1e-5):
        return _backward(dy, x, gamma, eps, "layer") if not _check_features(x, gamma) else None


norm_stats = lambda x, kind: _stats(x, kind=kind)
layer_norm = partial(_forward, eps=1e-5)
layer_norm = lambda *args, inner=layer_norm: inner(*args[:3]) if len(args) == 3 else _forward(*args)
batch_norm_eval = Evaluator()
layer_norm_backward = Backward.layer
