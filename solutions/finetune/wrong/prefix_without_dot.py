"""Whatever begins with the prefix is taken for the head, `header.weight` too."""


def _belongs_to(name, prefix):
    return name.startswith(prefix)
