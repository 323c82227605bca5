"""The output layer uses the embedding matrix as its weight."""

from torch import nn


class BiLM:
    def __init__(self, vocab_size, dim, n_layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.backward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.output = nn.Linear(dim, vocab_size)
        self.output.weight = self.embedding.weight
