"""The mask is left out of the attention: real tokens attend to padding on their left."""


def _allowed_keys(mask):
    length = mask.shape[1]
    return mask.new_ones(len(mask), length, length).tril()
