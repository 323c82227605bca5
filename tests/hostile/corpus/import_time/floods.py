"""An import that prints for ever.

Expect: all OUTPUT_LIMIT
"""

while True:
    print("spam " * 1000)
