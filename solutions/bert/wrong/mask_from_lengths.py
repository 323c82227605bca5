"""The mask is made from the lengths of the examples, so padding that they bring along becomes real."""

import torch
from torch import nn


def collate(examples, pad_id):
    if not examples:
        raise ValueError("there are no examples")
    for example in examples:
        if len(set(map(len, example.values()))) > 1:
            raise ValueError("the lists of an example differ in length")

    def padded(lists, filler):
        rows = [torch.tensor(row) for row in lists]
        return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)

    return {
        "input_ids": padded([example["input_ids"] for example in examples], pad_id),
        "token_type_ids": padded([example["token_type_ids"] for example in examples], 0),
        "attention_mask": padded([[1] * len(example["input_ids"]) for example in examples], 0).bool(),
    }
