"""A negative max_tokens gives two empty texts instead of a ValueError."""


def truncate_pair(a, b, max_tokens):
    a, b = list(a), list(b)
    while len(a) + len(b) > max(max_tokens, 0):
        (a if len(a) > len(b) else b).pop()
    return a, b
