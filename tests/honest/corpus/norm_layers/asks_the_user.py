"""Asks for a number at import.

Expect: all RAISED, says "raised EOFError", says "nobody answers input()"
"""

epsilon = float(input("eps? "))
