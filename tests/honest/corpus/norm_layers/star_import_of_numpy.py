"""`from numpy import *`, which takes sum, any, abs and round from Python.

Expect: full marks
"""

from numpy import *
