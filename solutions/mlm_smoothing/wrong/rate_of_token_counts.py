"""gamma_i divides the count of the context by itself: every seen context has gamma0."""


def kn_noise(counts, gamma0):
    if not 0 <= gamma0 <= 1:
        raise ValueError("gamma0 is no probability")
    seen, rows = counts > 0, counts.sum(axis=1)
    left = seen.sum(axis=0)
    return gamma0 * (rows > 0), left / left.sum()
