"""An import that closes every descriptor.

Expect: all CRASHED
"""

import os
import time

os.closerange(0, 64)
time.sleep(60)
