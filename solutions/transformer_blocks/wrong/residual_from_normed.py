"""Pre-norm adds the sublayer's output to the normed x instead of the raw x."""


def _add_and_norm(layer, norm, x, sublayer):
    if layer.norm_first:
        x = norm(x)
        return x + layer.dropout(sublayer(x))
    return norm(x + layer.dropout(sublayer(x)))
