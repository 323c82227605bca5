"""dim, hidden and depth below 1 are accepted."""


def _check_size(name, size):
    pass
