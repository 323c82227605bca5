"""`.train()` puts the biLM into training mode too."""


class _FrozenBiLM:
    def train(self, mode=True):
        return super().train(mode)
