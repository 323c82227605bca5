"""Ordinary weight decay: the pull is towards 0."""


def fine_tune_linear(w0, x, y, *, lr, steps, l2_sp=0.0):
    _check_data(w0, x, y)  # noqa: F821  of the reference
    if steps < 0 or lr <= 0 or l2_sp < 0:
        raise ValueError("steps, lr or l2_sp is out of range")
    w = w0.clone()
    for _ in range(steps):
        w = w - lr * (x.T @ (x @ w - y) / len(y) + l2_sp * w)
    return w
