"""The loop and the backward pass do not ask how many axes x has."""


def _check_one_sentence(x):
    pass
