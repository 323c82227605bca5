"""The early stop compares the bound with the best finished score, not with the n_best-th best."""

# ruff: noqa: F821 - the other names are those of the reference


def _may_stop(finished, scores, max_len, alpha, n_best):
    return len(finished) > 0 and _best_first(finished)[0][1] >= scores.max() / max_len**alpha
