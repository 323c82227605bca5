"""|q|^2 + |k|^2 - 2 q·k loses all digits far from the origin."""


def gaussian_score(q, k, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be positive")
    squares = q.square().sum(dim=-1)[:, :, None] + k.square().sum(dim=-1)[:, None]
    return -(squares - 2 * q @ k.mT) / (2 * sigma**2)
