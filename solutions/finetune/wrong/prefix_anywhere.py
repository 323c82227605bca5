"""A name belongs to the head if any part between its dots is the prefix, as in `body.head.weight`."""


def _belongs_to(name, prefix):
    return prefix in name.split(".")
