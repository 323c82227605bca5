"""An import that exits politely.

Expect: all RAISED
"""

import sys

sys.exit(0)
