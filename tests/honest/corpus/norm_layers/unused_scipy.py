"""An import that an editor added.

Expect: all RAISED, says "No module named 'scipy'", says "is not installed where this is graded"
"""

from scipy.special import softmax
