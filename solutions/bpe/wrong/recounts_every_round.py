"""All pairs of all words are counted anew in every round."""

# ruff: noqa: F821 - the other names are those of the reference


def train_bpe(counts, num_merges, min_count=2):
    _check_training(counts, num_merges, min_count)
    words = [(tuple(word), frequency) for word, frequency in counts.items()]
    symbols = [bytes([byte]) for byte in range(256)]
    merges = []
    while len(merges) < num_merges:
        pairs = pair_counts(words)
        best = _best_pair(pairs, symbols) if pairs else None
        if best is None or pairs[best] < min_count:
            break
        words = [(merge_word(word, best, 256 + len(merges)), frequency) for word, frequency in words]
        symbols.append(symbols[best[0]] + symbols[best[1]])
        merges.append(best)
    return merges
