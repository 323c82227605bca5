"""Imports a hidden test, or whatever else is not there.

Expect: all RAISED
"""

import autotests.target.test_target
