"""Saves the weights when a layer is made.

Expect: t06 RAISED, t07 RAISED, t08 RAISED, t09 RAISED, t10 RAISED, t11 RAISED, t12 RAISED, t13 RAISED, says "files cannot be written"
"""

_made = MultiHeadAttention.__init__


def _init(self, *args, **kwargs):
    _made(self, *args, **kwargs)
    torch.save(self.state_dict(), "weights.pt")


MultiHeadAttention.__init__ = _init
