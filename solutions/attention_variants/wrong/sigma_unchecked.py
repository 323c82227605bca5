"""A sigma of 0 or below is used as it is."""


def gaussian_score(q, k, sigma):
    return -(q[:, :, None] - k[:, None]).square().sum(dim=-1) / (2 * sigma**2)
