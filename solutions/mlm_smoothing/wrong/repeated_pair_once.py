"""`counts[i, j] += 1` with index arrays adds 1 for a pair however often it occurs."""

import numpy as np


def bigram_counts(tokens, vocab_size):
    counts = np.zeros((vocab_size, vocab_size))
    counts[tokens[:-1], tokens[1:]] += 1
    return counts
