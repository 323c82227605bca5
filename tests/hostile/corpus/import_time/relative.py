"""Imports relative to a package that does not exist.

Expect: all RAISED
"""

from . import solutions
from .. import autotests
