"""A SyntaxError whose fields make no sense to whoever formats it.

Expect: all RAISED
"""


def attack(*args):
    error = SyntaxError("odd", ("target.py", 1, 1, "x"))
    error.lineno, error.offset, error.text, error.filename = "many", [], 5, object()
    raise error


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
