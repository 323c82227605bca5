"""Reads its own source, through the file and through inspect.

Expect: all RAISED, says "No such file or directory", says "Only what is handed in is there"
"""

with open(__file__, encoding="utf-8") as file:
    source = file.read()
