"""Global names that are no text.

Expect: all RAISED
"""

globals()[5] = len
globals()[("a", "b")] = len
