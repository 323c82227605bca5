"""`exit()` as the last line.

Expect: all RAISED, says "raised SystemExit", says "Remove the call of exit"
"""

exit()
