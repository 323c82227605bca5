"""Pre-tokens are stripped of the space before them."""

# ruff: noqa: F821 - the other names are those of the reference

import re


def pretokenize(text):
    matches = re.findall(PRETOKEN_PATTERN, text)
    return [match.strip(" ") or match for match in matches]
