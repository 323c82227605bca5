"""Heads are split by a reshape to (B, H, L, d_head): a head gets some positions instead of some columns."""


def _split_heads(x, n_heads):
    batch, length, d_model = x.shape
    return x.reshape(batch, n_heads, length, d_model // n_heads)
