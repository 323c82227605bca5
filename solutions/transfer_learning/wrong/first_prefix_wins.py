"""Of several matching prefixes the one that stands first in `rename` is replaced."""


def _renamed(key, rename):
    for old, new in rename.items():
        if _has_prefix(key, old):  # noqa: F821  of the reference
            rest = key.removeprefix(old).removeprefix(".")
            return ".".join(part for part in (new, rest) if part)
    return key
