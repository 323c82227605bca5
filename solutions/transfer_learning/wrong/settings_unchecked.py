"""steps, lr and l2_sp are used without a look."""


def fine_tune_linear(w0, x, y, *, lr, steps, l2_sp=0.0):
    _check_data(w0, x, y)  # noqa: F821  of the reference
    w = w0.clone()
    for _ in range(steps):
        w = w - lr * (x.T @ (x @ w - y) / len(y) + l2_sp * (w - w0))
    return w
