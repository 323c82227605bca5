"""A key that equals the prefix does not match, because no dot follows."""


def _has_prefix(key, prefix):
    return prefix == "" or key.startswith(prefix + ".")
