"""Layers that inherit from a mixin, with arguments kept, an odd `super` and a `__call__` of their own.

Expect: full marks
"""


class Described:
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.arguments = args, kwargs

    def extra_repr(self):
        return str(self.arguments)


_Encoder, _Decoder = EncoderLayer, DecoderLayer


class EncoderLayer(Described, _Encoder):
    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        _Encoder.__init__(self, d_model, n_heads, d_ff, dropout, norm_first)
        self.arguments = d_model, n_heads

    def __call__(self, *args, **kwargs):
        print(self)
        return super().__call__(*args, **kwargs)


class DecoderLayer(_Decoder):
    @classmethod
    def make(cls, *args, **kwargs):
        return cls(*args, **kwargs)
