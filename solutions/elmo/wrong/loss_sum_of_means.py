"""The loss is the mean of the forward direction plus the mean of the backward direction."""

# ruff: noqa: F821 - the other names are those of the reference


def bilm_log_likelihood(logits_f, logits_b, tokens, mask=None):
    if logits_f.shape[:2] != tokens.shape or logits_b.shape != logits_f.shape:
        raise ValueError("logits must be (B, T, V), tokens (B, T)")
    mask = _checked_mask(tokens, mask, logits_f.shape[2])
    pairs = mask[:, 1:]
    count = 2 * int(pairs.sum())
    if count == 0:
        raise ValueError("nothing to predict")
    forward = _log_probs(logits_f[:, :-1], tokens[:, 1:]).masked_fill(~pairs, 0.0).sum(dim=1)
    backward = _log_probs(logits_b[:, 1:], tokens[:, :-1]).masked_fill(~pairs, 0.0).sum(dim=1)
    joint = (forward + backward).sum()
    loss = -(forward.sum() + backward.sum()) / pairs.sum()
    return {"forward": forward, "backward": backward, "joint": joint, "count": count, "loss": loss}
