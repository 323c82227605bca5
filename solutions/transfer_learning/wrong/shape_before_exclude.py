"""Shapes are compared before `exclude` is looked at."""


def _fate(name, tensor, source, exclude):
    if name in source and source[name].shape != tensor.shape:
        return "mismatched"
    if _is_excluded(name, exclude):  # noqa: F821  of the reference
        return "excluded"
    return "loaded" if name in source else "missing"
