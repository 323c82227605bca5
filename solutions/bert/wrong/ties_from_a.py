"""When both texts are equally long, an id of a goes instead of one of b."""


def truncate_pair(a, b, max_tokens):
    if max_tokens < 0:
        raise ValueError("max_tokens must not be negative")
    a, b = list(a), list(b)
    while len(a) + len(b) > max_tokens:
        (a if len(a) >= len(b) else b).pop()
    return a, b
