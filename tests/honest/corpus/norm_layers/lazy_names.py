"""A public function that a module's `__getattr__` makes on demand: it isn't in the module when that is loaded.

Expect: t05 MISSING, t12 MISSING, says "there is no layer_norm_backward"
"""

_lazy = {"layer_norm_backward": layer_norm_backward}
del layer_norm_backward


def __getattr__(name):
    try:
        return _lazy[name]
    except KeyError:
        raise AttributeError(name) from None
