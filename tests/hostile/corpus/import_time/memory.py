"""An import that takes all memory.

Expect: all OUT_OF_MEMORY
"""

everything = bytearray(2**40)
