"""Only the second text is shortened."""


def truncate_pair(a, b, max_tokens):
    if max_tokens < 0:
        raise ValueError("max_tokens must not be negative")
    return list(a), list(b)[: max(0, max_tokens - len(a))]
