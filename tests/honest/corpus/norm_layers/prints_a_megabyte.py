"""Prints a megabyte for each test: what is kept is cut, nothing is lost.

Expect: full marks
"""

print("x" * 2**20)
