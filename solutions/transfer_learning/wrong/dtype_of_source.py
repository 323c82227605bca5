"""Loaded tensors keep the dtype that they have in the source."""


def _own_copy(tensor, dtype):
    return tensor.detach().clone()
