"""Hypotheses are extended after their end token."""

import torch


def _finished(ids):
    return torch.zeros_like(ids[:, :, -1], dtype=torch.bool)
