"""The longest special token is cut out of the whole text first, not the leftmost."""


def _split_at_special_tokens(text, special_tokens):
    pieces = [text]
    for special in sorted(special_tokens, key=len, reverse=True):
        cut = []
        for i, piece in enumerate(pieces):
            parts = [piece] if i % 2 else piece.split(special)
            for part in parts[:-1]:
                cut += [part, special]
            cut.append(parts[-1])
        pieces = cut
    return pieces
