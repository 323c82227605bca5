"""A query without any key gets a softmax over -inf only, and its NaN spreads in the next block."""


def _allowed_keys(mask):
    length = mask.shape[1]
    return mask.new_ones(length, length).tril() & mask[:, None, :]
