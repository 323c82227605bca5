"""The feed-forward sublayer has no residual connection."""


def _add_and_norm(layer, norm, x, sublayer):
    residual = 0.0 if sublayer is layer.ffn else x
    if layer.norm_first:
        return residual + layer.dropout(sublayer(norm(x)))
    return norm(residual + layer.dropout(sublayer(x)))
