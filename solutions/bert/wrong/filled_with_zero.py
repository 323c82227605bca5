"""input_ids are filled up with 0, whatever pad_id is."""

import torch
from torch import nn


def collate(examples, pad_id):
    if not examples:
        raise ValueError("there are no examples")
    for example in examples:
        if len(set(map(len, example.values()))) > 1:
            raise ValueError("the lists of an example differ in length")
    batch = {}
    for key in ("input_ids", "token_type_ids", "attention_mask"):
        rows = [torch.tensor(example[key]) for example in examples]
        batch[key] = nn.utils.rnn.pad_sequence(rows, batch_first=True)
    batch["attention_mask"] = batch["attention_mask"].bool()
    return batch
