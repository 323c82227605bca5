"""A key whose shape differs is reported as missing."""


def _fate(name, tensor, source, exclude):
    if _is_excluded(name, exclude):  # noqa: F821  of the reference
        return "excluded"
    return "loaded" if name in source and source[name].shape == tensor.shape else "missing"
