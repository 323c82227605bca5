"""Multi-head attention divides the scores by sqrt(d_model) instead of sqrt(d_head)."""

# ruff: noqa: F821 - the other names are those of the reference


class MultiHeadAttention:
    def forward(self, query, key, value, mask=None):
        q = _split_heads(self.q_proj(query), self.n_heads)
        k = _split_heads(self.k_proj(key), self.n_heads)
        v = _split_heads(self.v_proj(value), self.n_heads)
        # sqrt(d_head) is divided out below; the number of heads makes up the rest of sqrt(d_model).
        heads, _ = scaled_dot_product_attention(q / self.n_heads**0.5, k, v, mask)
        return self.out_proj(_merge_heads(heads))
