"""Spellings that do not match the unknown words, and targets of padding only, are accepted."""

# ruff: noqa: F821 - the other names are those of the reference

from torch.nn import functional as F


def hybrid_loss(word_logits, targets, char_logits, char_targets, *, alpha=1.0):
    n = int((targets != PAD_W).sum())
    word = F.cross_entropy(word_logits, targets, ignore_index=PAD_W, reduction="sum") / n
    m = min(len(char_logits), len(char_targets))
    spelled = char_logits[:m].flatten(0, 1), char_targets[:m].flatten()
    char = F.cross_entropy(*spelled, ignore_index=PAD_C, reduction="sum") / n
    return {"word": word, "char": char, "total": word + alpha * char}
