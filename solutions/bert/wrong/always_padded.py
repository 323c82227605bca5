"""Inputs are padded to max_len even if nobody asks for it."""

# ruff: noqa: F821 - the other names are those of the reference


def build_inputs(a, b=None, *, cls_id, sep_id, pad_id, max_len=512, pad_to_max=False):
    if any({cls_id, sep_id, pad_id}.intersection(text) for text in (a, b or [])):
        raise ValueError("a or b contains a special id already")
    n_content = max_len - (2 if b is None else 3)
    if n_content < 0:
        raise ValueError("max_len is too small")
    if b is None:
        first, second = a[:n_content], []
    else:
        first, second = truncate_pair(a, b, n_content)
        second = [*second, sep_id]
    first = [cls_id, *first, sep_id]
    n_real = len(first) + len(second)
    n_pad = max_len - n_real
    return {
        "input_ids": first + second + [pad_id] * n_pad,
        "token_type_ids": [0] * len(first) + [1] * len(second) + [0] * n_pad,
        "attention_mask": [1] * n_real + [0] * n_pad,
    }
