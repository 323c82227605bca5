"""Tokens as members of an IntEnum, scores as a subclass of float.

Expect: full marks
"""

from enum import IntEnum

Token = IntEnum("Token", [f"T{i}" for i in range(64)], start=0)


class Score(float):
    def __repr__(self):
        return "score"


def dress(value):
    if type(value) is int:
        return Token(value)
    return Score(value) if isinstance(value, float) else value
