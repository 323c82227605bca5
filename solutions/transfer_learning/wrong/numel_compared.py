"""As many elements are enough to be loaded."""


def _fate(name, tensor, source, exclude):
    if _is_excluded(name, exclude):  # noqa: F821  of the reference
        return "excluded"
    if name not in source:
        return "missing"
    if source[name].numel() != tensor.numel():
        return "mismatched"
    source[name] = source[name].reshape(tensor.shape)
    return "loaded"
