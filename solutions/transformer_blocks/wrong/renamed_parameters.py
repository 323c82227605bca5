"""The projections are called w_q, w_k, w_v and w_o."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class MultiHeadAttention:
    def __init__(self, d_model, n_heads, bias=True):
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError("d_model is not a multiple of n_heads")
        self.n_heads = n_heads
        self.w_q, self.w_k, self.w_v, self.w_o = (nn.Linear(d_model, d_model, bias=bias) for _ in range(4))

    def forward(self, query, key, value, mask=None):
        q = _split_heads(self.w_q(query), self.n_heads)
        k = _split_heads(self.w_k(key), self.n_heads)
        v = _split_heads(self.w_v(value), self.n_heads)
        heads, _ = scaled_dot_product_attention(q, k, v, mask)
        return self.w_o(_merge_heads(heads))
