"""The weights of all keys are computed and the forbidden ones erased: the rest no longer sums to 1."""


def _masked_softmax(scores, mask):
    weights = scores.softmax(dim=-1)
    return weights if mask is None else weights * mask
