"""`.train()` gives the parameters of the biLM requires_grad True again."""


class _FrozenBiLM:
    def train(self, mode=True):
        return super().train(False).requires_grad_(mode)
