"""The special ids are added first; then everything is cut to max_len, and the last [SEP] is lost."""


def build_inputs(a, b=None, *, cls_id, sep_id, pad_id, max_len=512, pad_to_max=False):
    if any({cls_id, sep_id, pad_id}.intersection(text) for text in (a, b or [])):
        raise ValueError("a or b contains a special id already")
    n_content = max_len - (2 if b is None else 3)
    if n_content < 0:
        raise ValueError("max_len is too small")
    first = [cls_id, *a, sep_id]
    second = [] if b is None else [*b, sep_id]
    ids = (first + second)[:max_len]
    types = ([0] * len(first) + [1] * len(second))[:max_len]
    n_pad = max_len - len(ids) if pad_to_max else 0
    return {
        "input_ids": ids + [pad_id] * n_pad,
        "token_type_ids": types + [0] * n_pad,
        "attention_mask": [1] * len(ids) + [0] * n_pad,
    }
