"""Clears the screen with a command of the shell and doesn't look whether that worked.

Expect: full marks
"""

import os

os.system("cls" if os.name == "nt" else "clear")
