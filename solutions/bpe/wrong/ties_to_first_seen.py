"""Of equally frequent pairs the one that was counted first is merged."""


def _best_pair(pairs, symbols):
    return max(pairs, key=pairs.get)
