"""Scores are shifted by the maximum over all keys, forbidden ones included: allowed weights underflow."""


def _masked_softmax(scores, mask):
    exponentials = (scores - scores.detach().amax(dim=-1, keepdim=True)).exp()
    if mask is not None:
        exponentials = exponentials.masked_fill(~mask, 0.0)
    total = exponentials.sum(dim=-1, keepdim=True)
    return exponentials / total.masked_fill(total == 0, 1.0)
