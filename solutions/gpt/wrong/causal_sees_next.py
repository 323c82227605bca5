"""The causal mask lets every position see the next one too."""

import torch


def _allowed_keys(mask):
    length = mask.shape[1]
    past_and_next = mask.new_ones(length, length).tril(diagonal=1)
    return past_and_next & mask[:, None, :] | torch.diag_embed(~mask)
