"""The predicted label is returned, not whether it means "next"."""


def predict_is_next(nsp_logits):
    return nsp_logits.argmax(dim=1)
