"""An excluded key that the source does not have is reported as missing."""


def _fate(name, tensor, source, exclude):
    if name not in source:
        return "missing"
    if _is_excluded(name, exclude):  # noqa: F821  of the reference
        return "excluded"
    return "loaded" if source[name].shape == tensor.shape else "mismatched"
