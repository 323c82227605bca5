"""A y of shape (n, 1) is accepted, and broadcast to (n, n)."""


def _check_data(w, x, y):
    if w.ndim != 1 or x.shape != (len(y), len(w)):
        raise ValueError("weights, x and y do not fit")
