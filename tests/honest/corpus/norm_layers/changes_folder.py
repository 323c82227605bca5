"""Changes to its own folder first, as scripts do.

Expect: full marks
"""

import os

os.chdir(os.path.dirname(os.path.abspath(__file__)))
