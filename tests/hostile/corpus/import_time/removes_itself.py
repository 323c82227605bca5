"""Removes itself from sys.modules.

Expect: all RAISED
"""

import sys

del sys.modules[__name__]
