"""A row without a real token is not refused; the index 0 is taken."""


def last_real_index(mask):
    return mask.cumsum(dim=1).argmax(dim=1)
