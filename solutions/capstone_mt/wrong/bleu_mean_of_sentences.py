"""BLEU is computed for each sentence and averaged."""

# ruff: noqa: F821 - the other names are those of the reference

import math


def corpus_bleu(hyps, refs, max_n=4):
    _require(hyps=len(hyps), max_n=max_n)
    if len(hyps) != len(refs):
        raise ValueError("as many hypotheses as references")
    pairs = zip(hyps, refs, strict=True)
    return sum(_sentence_bleu(hyp.split(), ref.split(), max_n) for hyp, ref in pairs) / len(hyps)


def _sentence_bleu(hyp, ref, max_n):
    logs = 0.0
    for n in range(1, max_n + 1):
        ours = _ngrams(hyp, n)
        found = (ours & _ngrams(ref, n)).total()
        if found == 0:
            return 0.0
        logs += math.log(found / ours.total())
    return math.exp(logs / max_n + min(0.0, 1 - len(ref) / len(hyp)))
