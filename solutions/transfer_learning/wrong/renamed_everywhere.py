"""A prefix is replaced at every place in a key, not only at the beginning."""


def _renamed(key, rename):
    matching = [prefix for prefix in rename if _has_prefix(key, prefix)]  # noqa: F821  of the reference
    if not matching:
        return key
    old = max(matching, key=len)
    if not old:
        return f"{rename[old]}.{key}".removeprefix(".")
    return f".{key}.".replace(f".{old}.", f".{rename[old]}." if rename[old] else ".").strip(".")
