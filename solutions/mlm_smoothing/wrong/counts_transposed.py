"""Rows are targets and columns contexts."""

import numpy as np


def bigram_counts(tokens, vocab_size):
    counts = np.zeros((vocab_size, vocab_size))
    np.add.at(counts, (tokens[1:], tokens[:-1]), 1)
    return counts
