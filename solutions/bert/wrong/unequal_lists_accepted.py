"""No ValueError for an example whose three lists differ in length: each is padded on its own."""

import torch


def collate(examples, pad_id):
    if not examples:
        raise ValueError("there are no examples")
    longest = max(len(example["input_ids"]) for example in examples)

    def padded(key, filler):
        return torch.tensor([example[key] + [filler] * (longest - len(example[key])) for example in examples])

    return {
        "input_ids": padded("input_ids", pad_id),
        "token_type_ids": padded("token_type_ids", 0),
        "attention_mask": padded("attention_mask", 0).bool(),
    }
