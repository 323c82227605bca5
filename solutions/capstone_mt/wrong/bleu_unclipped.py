"""An n-gram counts as matched wherever it occurs in the reference, however often."""

# ruff: noqa: F821 - the other names are those of the reference

import math


def corpus_bleu(hyps, refs, max_n=4):
    _require(hyps=len(hyps), max_n=max_n)
    if len(hyps) != len(refs):
        raise ValueError("as many hypotheses as references")
    pairs = [(hyp.split(), ref.split()) for hyp, ref in zip(hyps, refs, strict=True)]
    logs = 0.0
    for n in range(1, max_n + 1):
        both = [(_ngrams(hyp, n), _ngrams(ref, n)) for hyp, ref in pairs]
        found = sum(count for ours, theirs in both for ngram, count in ours.items() if ngram in theirs)
        if found == 0:
            return 0.0
        logs += math.log(found / sum(ours.total() for ours, _ in both))
    c, r = sum(len(hyp) for hyp, _ in pairs), sum(len(ref) for _, ref in pairs)
    return math.exp(logs / max_n + min(0.0, 1 - r / c))
