"""Every warning raises from the import on.

Expect: full marks
"""

import warnings

warnings.simplefilter("error")
