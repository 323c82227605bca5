"""One fused `qkv_proj` replaces q_proj, k_proj and v_proj."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class MultiHeadAttention:
    def __init__(self, d_model, n_heads, bias=True):
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError("d_model is not a multiple of n_heads")
        self.n_heads = n_heads
        self.qkv_proj = nn.Linear(d_model, 3 * d_model, bias=bias)
        self.out_proj = nn.Linear(d_model, d_model, bias=bias)

    def forward(self, query, key, value, mask=None):
        d_model = query.shape[-1]
        q, k, v = (
            _split_heads(self.qkv_proj(x)[..., i * d_model : (i + 1) * d_model], self.n_heads)
            for i, x in enumerate((query, key, value))
        )
        heads, _ = scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(_merge_heads(heads))
