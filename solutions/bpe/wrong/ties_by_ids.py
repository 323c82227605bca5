"""Of equally frequent pairs the one with the greatest ids is merged."""


def _best_pair(pairs, symbols):
    return max(pairs, key=lambda pair: (pairs[pair], pair))
