"""An empty new prefix leaves the dot of the old one."""


def _renamed(key, rename):
    matching = [prefix for prefix in rename if _has_prefix(key, prefix)]  # noqa: F821  of the reference
    if not matching:
        return key
    old = max(matching, key=len)
    return f"{rename[old]}.{key}".removeprefix(".") if old == "" else rename[old] + key.removeprefix(old)
