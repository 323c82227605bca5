"""The gates of residual_as_highway have biases of 5, which leaves them open by 99.3 % only."""

import torch


def residual_as_highway(w, b):
    gate = {"weight": torch.zeros_like(w), "bias": torch.full_like(b, 5.0)}
    state = {"transform.weight": w, "transform.bias": b}
    for name in ("gate", "carry"):
        state |= {f"{name}.{kind}": value for kind, value in gate.items()}
    return state
