"""Buffers that aren't saved, forward hooks, submodules in a ModuleDict that is no parameter's home.

Expect: full marks
"""

_init = MultiHeadAttention.__init__


def _with_buffer(self, *args, **kwargs):
    _init(self, *args, **kwargs)
    self.register_buffer("scale", torch.ones(1), persistent=False)
    self.register_forward_hook(lambda module, inputs, output: print(output.shape))
    self.unused = nn.ModuleDict()


MultiHeadAttention.__init__ = _with_buffer
