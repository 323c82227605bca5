"""The softmax is written with a bare `exp`, which overflows for large scores."""


def _masked_softmax(scores, mask):
    exponentials = scores.exp()
    if mask is not None:
        exponentials = exponentials.masked_fill(~mask, 0.0)
    total = exponentials.sum(dim=-1, keepdim=True)
    return exponentials / total.masked_fill(total == 0, 1.0)
