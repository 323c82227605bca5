"""pretokenize is str.split: white space is lost, and punctuation stays with its word."""


def pretokenize(text):
    return text.split()
