"""Forbidden scores become -1e9: a row without any allowed key gets uniform weights."""


def _masked_softmax(scores, mask):
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(dim=-1)
