"""The search always runs until max_len or until nothing is live."""


def _may_stop(finished, scores, max_len, alpha, n_best):
    return False
