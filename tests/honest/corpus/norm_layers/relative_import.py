"""A relative import of itself, as in a package.

Expect: all RAISED, says "attempted relative import", says "without the dot"
"""

from .norm_layers import norm_stats as stats
