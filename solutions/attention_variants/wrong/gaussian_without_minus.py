"""The Gaussian score grows with the distance."""


def gaussian_score(q, k, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be positive")
    return (q[:, :, None] - k[:, None]).square().sum(dim=-1) / (2 * sigma**2)
