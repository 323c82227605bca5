"""attention_mask is an integer tensor."""

import torch
from torch import nn


def collate(examples, pad_id):
    if not examples:
        raise ValueError("there are no examples")
    for example in examples:
        if len(set(map(len, example.values()))) > 1:
            raise ValueError("the lists of an example differ in length")
    batch = {}
    for key, filler in [("input_ids", pad_id), ("token_type_ids", 0), ("attention_mask", 0)]:
        rows = [torch.tensor(example[key]) for example in examples]
        batch[key] = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)
    return batch
