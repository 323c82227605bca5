"""Prints twenty megabytes for each test.

Expect: all OUTPUT_LIMIT, says "printed more than 8 MiB"
"""

for _ in range(20):
    print("x" * 2**20)
