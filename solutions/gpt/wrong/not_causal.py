"""Every position sees all real tokens, as in BERT."""

import torch


def _allowed_keys(mask):
    return mask[:, None, :] | torch.diag_embed(~mask)
