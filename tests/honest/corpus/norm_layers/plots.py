"""Plots at import, with a library that isn't there.

Expect: all RAISED, says "No module named 'matplotlib'", says "Nobody looks at plots here"
"""

import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show()
