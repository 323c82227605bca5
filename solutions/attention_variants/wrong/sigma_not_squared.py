"""The squared distance is divided by 2 sigma."""


def gaussian_score(q, k, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be positive")
    return -(q[:, :, None] - k[:, None]).square().sum(dim=-1) / (2 * sigma)
