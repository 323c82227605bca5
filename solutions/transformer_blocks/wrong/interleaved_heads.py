"""Head h uses the columns h, h + H, h + 2H, ... instead of a contiguous block."""


def _split_heads(x, n_heads):
    return x.unflatten(-1, (-1, n_heads)).permute(0, 3, 1, 2)


def _merge_heads(heads):
    return heads.permute(0, 2, 3, 1).flatten(start_dim=-2)
