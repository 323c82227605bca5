"""numpy arrays where tensors are meant.

Expect: all WRONG, says ", not "
"""


def dress(value):
    return value.detach().numpy()
