"""More global names than anybody would count.

Expect: all RAISED
"""

globals().update({f"name_{number}": None for number in range(25_000)})
