"""A special token may be listed twice."""


def _check_special_tokens(special_tokens):
    if "" in special_tokens:
        raise ValueError("an empty special token")
