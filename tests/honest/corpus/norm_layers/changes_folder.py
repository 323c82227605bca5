"""Changes to its own folder first, as scripts do.

Expect: all RAISED, says "raised PermissionError", says "the working folder cannot be changed"
"""

import os

os.chdir(os.path.dirname(os.path.abspath(__file__)))
