"""An import that never ends.

Expect: all TIMED_OUT
"""

while True:
    pass
