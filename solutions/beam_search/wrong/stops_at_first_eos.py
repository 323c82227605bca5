"""The search stops as soon as any hypothesis has finished."""


def _may_stop(finished, scores, max_len, alpha, n_best):
    return len(finished) > 0
