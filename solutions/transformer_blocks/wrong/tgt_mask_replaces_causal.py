"""A given `tgt_mask` replaces the causal mask instead of being AND-ed with it."""

# ruff: noqa: F821 - the other names are those of the reference


class DecoderLayer:
    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        self_mask = causal_mask(x.shape[1]) if tgt_mask is None else tgt_mask
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, self_mask))
        x = _add_and_norm(self, self.norm2, x, lambda y: self.cross_attn(y, memory, memory, memory_mask))
        return _add_and_norm(self, self.norm3, x, self.ffn)
