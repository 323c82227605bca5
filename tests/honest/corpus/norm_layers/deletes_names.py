"""Tidies up behind itself.

Expect: full marks
"""

import sys

helper = 3
del helper, sys
