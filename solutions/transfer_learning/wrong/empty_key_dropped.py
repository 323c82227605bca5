"""A source key of which renaming leaves nothing is dropped."""


def _under_new_names(source, rename):
    renamed = {}
    for key, tensor in source.items():
        name = _renamed(key, rename)  # noqa: F821  of the reference
        if name in renamed:
            raise ValueError(f"two source keys become {name!r}")
        if name:
            renamed[name] = tensor
    return renamed
