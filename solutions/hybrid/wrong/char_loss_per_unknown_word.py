"""The character loss is a mean over the unknown words."""

# ruff: noqa: F821 - the other names are those of the reference

from torch.nn import functional as F


def hybrid_loss(word_logits, targets, char_logits, char_targets, *, alpha=1.0):
    n, m = int((targets != PAD_W).sum()), int((targets == UNK_W).sum())
    if not len(char_logits) == len(char_targets) == m or n == 0 or alpha < 0:
        raise ValueError("the arguments do not fit together")
    word_costs = F.cross_entropy(word_logits, targets, reduction="none")
    char_costs = F.cross_entropy(char_logits.flatten(0, 1), char_targets.flatten(), reduction="none")
    word = word_costs[targets != PAD_W].sum() / n
    char = char_costs[char_targets.flatten() != PAD_C].sum() / max(1, m)
    return {"word": word, "char": char, "total": word + alpha * char}
