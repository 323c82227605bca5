"""Puts an object in its own place in sys.modules.

Expect: all MISSING
"""

import sys


class Everything:
    def __getattr__(self, name):
        return lambda *args: 0.0


sys.modules[__name__] = Everything()
