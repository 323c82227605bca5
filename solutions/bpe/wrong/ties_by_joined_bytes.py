"""Of equally frequent pairs the one with the greatest joined bytes is merged."""


def _best_pair(pairs, symbols):
    return max(pairs, key=lambda pair: (pairs[pair], symbols[pair[0]] + symbols[pair[1]]))
