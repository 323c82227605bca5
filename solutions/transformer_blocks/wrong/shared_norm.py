"""One LayerNorm, norm1, serves all sublayers; the others are never used."""

# ruff: noqa: F821 - the other names are those of the reference


class EncoderLayer:
    def forward(self, x, mask=None):
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, mask))
        return _add_and_norm(self, self.norm1, x, self.ffn)


class DecoderLayer:
    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        self_mask = causal_mask(x.shape[1])
        if tgt_mask is not None:
            self_mask = self_mask & tgt_mask
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, self_mask))
        x = _add_and_norm(self, self.norm1, x, lambda y: self.cross_attn(y, memory, memory, memory_mask))
        return _add_and_norm(self, self.norm1, x, self.ffn)
