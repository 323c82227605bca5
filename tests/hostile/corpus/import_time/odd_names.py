"""Global names of surrogates and control characters, and one of a megabyte.

Expect: all MISSING
"""

globals().update({"\ud800": 1, "\x1b[2J": 2, "": 3, "x" * 2**20: 4})
