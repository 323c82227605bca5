"""Of several matching prefixes the one with the fewest components is replaced."""


def _renamed(key, rename):
    matching = [prefix for prefix in rename if _has_prefix(key, prefix)]  # noqa: F821  of the reference
    if not matching:
        return key
    old = min(matching, key=len)
    rest = key.removeprefix(old).removeprefix(".")
    return ".".join(part for part in (rename[old], rest) if part)
