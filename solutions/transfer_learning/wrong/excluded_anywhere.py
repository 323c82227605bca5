"""An excluded prefix counts anywhere in a name, `head` in `my.head.weight`."""


def _is_excluded(name, exclude):
    return any(prefix == "" or f".{prefix}." in f".{name}." for prefix in exclude)
