"""Where the class is due there is a number.

Expect: all MISSING, t05 WRONG
"""

Meter = 5.0
