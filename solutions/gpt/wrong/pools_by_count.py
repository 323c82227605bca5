"""The index is the number of real tokens minus one, which holds only without padding on the left."""


def last_real_index(mask):
    if not mask.any(dim=1).all():
        raise ValueError("a row has no real token")
    return mask.sum(dim=1) - 1
