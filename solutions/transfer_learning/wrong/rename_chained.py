"""The prefixes are replaced one after another, so that a new name can be renamed again."""


def _renamed(key, rename):
    for old in sorted(rename, key=len, reverse=True):
        if _has_prefix(key, old):  # noqa: F821  of the reference
            rest = key.removeprefix(old).removeprefix(".")
            key = ".".join(part for part in (rename[old], rest) if part)
    return key
