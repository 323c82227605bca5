"""Special tokens are put into a regular expression without re.escape."""

import re


def _split_at_special_tokens(text, special_tokens):
    if not special_tokens:
        return [text]
    longest_first = sorted(special_tokens, key=len, reverse=True)
    return re.split("(" + "|".join(longest_first) + ")", text)
