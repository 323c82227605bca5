r"""Digits and underscores are taken for letters, as in the pattern \w+."""

import re


def pretokenize(text):
    return re.findall(r" ?\w+| ?[^\s\w]+|\s+(?!\S)|\s+", text)
