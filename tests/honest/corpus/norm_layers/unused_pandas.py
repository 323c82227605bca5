"""An import that nothing needs, of a library that isn't there.

Expect: all RAISED, says "No module named 'pandas'", says "is not installed where this is graded"
"""

import pandas as pd
