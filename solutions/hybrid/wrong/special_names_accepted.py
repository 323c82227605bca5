"""<pad>, <unk>, <s> and </s> pass as words."""


def _refuse_specials(words):
    """Trust the text."""
