"""An import that nothing needs, of a library that this assignment bans.

Expect: all BANNED, says "uses torch"
"""

import torch
