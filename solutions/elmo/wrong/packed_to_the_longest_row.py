"""Packed sequences come back as long as the longest row, not as long as the batch was."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def _stack_of_states(lstms, x, lengths):
    states = [x[:, : lengths.max()]]
    for lstm in lstms:
        packed = pack_padded_sequence(states[-1], lengths, batch_first=True, enforce_sorted=False)
        states.append(pad_packed_sequence(lstm(packed)[0], batch_first=True)[0])
    return torch.stack(states)


class BiLM:
    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x, lengths = self.embedding(tokens), mask.sum(dim=1)
        forward = _stack_of_states(self.forward_lstm, x, lengths)
        real = mask[:, : lengths.max()]
        backward = _mirrored(_stack_of_states(self.backward_lstm, _mirrored(x, mask), lengths), real)
        return {
            "layers": torch.cat([forward, backward], dim=-1).masked_fill(~real[..., None], 0.0),
            "logits_f": self.output(forward[-1]),
            "logits_b": self.output(backward[-1]),
        }
