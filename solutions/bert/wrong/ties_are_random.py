"""A tie counts as "not next"."""


def predict_is_next(nsp_logits):
    return nsp_logits[:, 0] > nsp_logits[:, 1]
