"""Puts something without a namespace in its own place.

Expect: all RAISED
"""

import sys

sys.modules[__name__] = 5
