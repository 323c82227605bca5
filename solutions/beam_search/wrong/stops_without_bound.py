"""The search stops when the best finished score beats the best live raw score, not its bound."""

# ruff: noqa: F821 - the other names are those of the reference


def _may_stop(finished, scores, max_len, alpha, n_best):
    return len(finished) >= n_best and _best_first(finished)[n_best - 1][1] >= scores.max()
