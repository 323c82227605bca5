"""Of two source keys with the same new name the later one wins, without a word."""


def _under_new_names(source, rename):
    renamed = {}
    for key, tensor in source.items():
        name = _renamed(key, rename)  # noqa: F821  of the reference
        if not name:
            raise ValueError(f"renaming leaves nothing of {key!r}")
        renamed[name] = tensor
    return renamed
