"""Neither symmetry test looks whether perm is a permutation."""


def _check_permutation(perm, length):
    pass
