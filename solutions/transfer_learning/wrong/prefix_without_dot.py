"""Whatever begins with the letters of a prefix matches it, `header.weight` the prefix `head`."""


def _has_prefix(key, prefix):
    return key.startswith(prefix)
