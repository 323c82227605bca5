"""`np.seterr(all="raise")` for good.

Expect: full marks
"""

np.seterr(all="raise")
