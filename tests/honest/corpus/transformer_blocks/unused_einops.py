"""A library that isn't there.

Expect: all RAISED, says "No module named 'einops'", says "is not installed where this is graded"
"""

from einops import rearrange
