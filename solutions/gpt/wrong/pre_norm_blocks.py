"""The blocks normalise before each sublayer, as GPT-2 does."""


class _Block:
    def forward(self, x, allowed):
        x = x + self.attn(self.ln1(x), allowed)
        return x + self.mlp(self.ln2(x))
