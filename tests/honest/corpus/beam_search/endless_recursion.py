"""Forgets where recursion ends: Python's own words.

Expect: all RAISED, says "raised RecursionError", says "maximum recursion depth exceeded"
"""


def around(call):
    return around_again(call)


def around_again(call):
    return around_again(call)
