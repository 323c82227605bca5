"""Both texts lose the same share, so a short one suffers from a long one."""


def truncate_pair(a, b, max_tokens):
    if max_tokens < 0:
        raise ValueError("max_tokens must not be negative")
    total = len(a) + len(b)
    if total <= max_tokens:
        return list(a), list(b)
    n_a = round(max_tokens * len(a) / total)
    return list(a)[:n_a], list(b)[: max_tokens - n_a]
