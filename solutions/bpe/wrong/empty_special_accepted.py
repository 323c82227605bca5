"""An empty special token is accepted."""


def _check_special_tokens(special_tokens):
    if len(set(special_tokens)) < len(special_tokens):
        raise ValueError("a special token is listed twice")


def _split_at_special_tokens(text, special_tokens):
    pieces, start = [], 0
    place = 0
    while place < len(text):
        here = [special for special in special_tokens if special and text.startswith(special, place)]
        if here:
            special = max(here, key=len)
            pieces += [text[start:place], special]
            start = place + len(special)
        place = max(place + 1, start)
    return [*pieces, text[start:]]
