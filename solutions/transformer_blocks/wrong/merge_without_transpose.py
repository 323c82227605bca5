"""Heads are merged by a reshape of (B, H, L, d_head) without transposing back."""


def _merge_heads(heads):
    batch, n_heads, length, d_head = heads.shape
    return heads.reshape(batch, length, n_heads * d_head)
