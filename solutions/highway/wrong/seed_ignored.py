"""No seed is set, so every call draws other numbers."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def input_gradient_norm(kind, depth, dim, *, gate_bias=-2.0, seed=0):
    _check_size("depth", depth)
    stack = _stack(kind, depth, dim, gate_bias)
    x, v = torch.randn(2, 16, dim)
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(stack(x), x, grad_outputs=v)
    return float(gradient.norm() / v.norm())
