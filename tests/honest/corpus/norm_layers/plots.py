"""Plots at import, with a library that isn't there.

Expect: all RAISED, says "No module named 'matplotlib'", says "is not installed where this is graded"
"""

import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show()
