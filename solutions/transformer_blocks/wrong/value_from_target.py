"""Cross-attention takes its values from the target instead of memory."""

# ruff: noqa: F821 - the other names are those of the reference


class DecoderLayer:
    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        self_mask = causal_mask(x.shape[1])
        if tgt_mask is not None:
            self_mask = self_mask & tgt_mask
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, self_mask))
        x = _add_and_norm(self, self.norm2, x, lambda y: self.cross_attn(y, memory, y, memory_mask))
        return _add_and_norm(self, self.norm3, x, self.ffn)
