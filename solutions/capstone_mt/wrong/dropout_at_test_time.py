"""The model has dropout and stays in train mode after the training."""

DROPOUT = 0.1


class Translator:
    def __init__(self, tokenizer, network):
        self._tokenizer, self._network = tokenizer, network.train()
