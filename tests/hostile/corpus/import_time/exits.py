"""An import that ends the process.

Expect: all CRASHED
"""

import os

os._exit(0)
