"""Of several special tokens at one place the one listed first is taken."""

import re


def _split_at_special_tokens(text, special_tokens):
    if not special_tokens:
        return [text]
    return re.split("(" + "|".join(map(re.escape, special_tokens)) + ")", text)
