"""Independent answers for `finetune`: the head's training as softmax regression in numpy, and both phases
as torch functions with SGD written out. No module and no optimiser of torch takes part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

State = dict[str, Tensor]
Batch = tuple[Tensor, Tensor]

EPS = 1e-5  # of BatchNorm1d, whose momentum is 0.1
NORMS = ("backbone.1", "backbone.5")


# ---- random nets and data ----


def shapes(in_dim: int, hidden: int, n_classes: int) -> dict[str, tuple[int, ...]]:
    """Every entry of a FineTuneNet's state dict but the two counters."""
    result: dict[str, tuple[int, ...]] = {}
    for name, *shape in [
        ("backbone.0", hidden, in_dim),
        ("backbone.4", hidden, hidden),
        ("head", n_classes, hidden),
    ]:
        result |= {f"{name}.weight": tuple(shape), f"{name}.bias": (shape[0],)}
    for name in NORMS:
        result |= {f"{name}.{part}": (hidden,) for part in ("weight", "bias", "running_mean", "running_var")}
    return result


def random_state(rng: np.random.Generator, in_dim: int, hidden: int, n_classes: int) -> State:
    """Weights as a pretrained net might have them; running statistics far from those of any batch to come."""
    state: State = {}
    for name, shape in shapes(in_dim, hidden, n_classes).items():
        positive = name.endswith("running_var") or (name.startswith(NORMS) and name.endswith("weight"))
        values = rng.uniform(0.6, 1.5, size=shape) if positive else 0.5 * rng.normal(size=shape)
        state[name] = torch.from_numpy(values)
    # Positive shifts: a batch on which all units of a layer are dead would show nothing.
    for name in NORMS:
        state[f"{name}.bias"] = state[f"{name}.bias"].abs() + 0.5
        state[f"{name}.num_batches_tracked"] = torch.tensor(int(rng.integers(3, 50)))
    return state


# ---- the net ----


def features(state: State, x: Tensor, *, training: bool = False) -> Tensor:
    """The backbone without dropout. With `training` the running statistics in `state` move."""
    for linear, norm in [("backbone.0", "backbone.1"), ("backbone.4", "backbone.5")]:
        x = F.linear(x, state[f"{linear}.weight"], state[f"{linear}.bias"])
        buffers = state[f"{norm}.running_mean"], state[f"{norm}.running_var"]
        affine = state[f"{norm}.weight"], state[f"{norm}.bias"]
        x = F.batch_norm(x, *buffers, *affine, training=training, momentum=0.1, eps=EPS).relu()
        state[f"{norm}.num_batches_tracked"] += int(training)
    return x


def logits(state: State, x: Tensor) -> Tensor:
    """The whole net in evaluation mode."""
    return features(state, x) @ state["head.weight"].T + state["head.bias"]


# ---- training ----


def train_head(
    state: State, batches: Sequence[Batch], *, lr: float, momentum: float, weight_decay: float
) -> tuple[list[float], np.ndarray, np.ndarray]:
    """Softmax regression on the features that evaluation mode gives: losses, final weight, final bias."""
    weight, bias = state["head.weight"].numpy().copy(), state["head.bias"].numpy().copy()
    velocity, losses = [np.zeros_like(weight), np.zeros_like(bias)], []
    for x, y in batches:
        rows = features(state, x).numpy()
        scores = rows @ weight.T + bias
        log_probs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        losses.append(-log_probs[np.arange(len(y)), y.numpy()].mean())
        error = (np.exp(log_probs) - np.eye(len(bias))[y.numpy()]) / len(y)  # gradient at the scores
        velocity[0] = momentum * velocity[0] + error.T @ rows + weight_decay * weight
        velocity[1] = momentum * velocity[1] + error.sum(axis=0)
        weight, bias = weight - lr * velocity[0], bias - lr * velocity[1]
    return losses, weight, bias


def train_two_phases(
    state: State,
    batches: Sequence[Batch],
    head_steps: int,
    *,
    lr_head: float,
    lr_backbone: float,
    momentum: float,
    weight_decay: float,
) -> tuple[list[float], State]:
    """The losses and the final state when the first `head_steps` steps train the head only."""
    state = {name: value.clone() for name, value in state.items()}
    parameters = [name for name in state if "running" not in name and "num_batches" not in name]
    velocity: State = {}
    losses = []
    for index, (x, y) in enumerate(batches):
        full = index >= head_steps
        active = [name for name in parameters if full or name.startswith("head")]
        leaves = {name: state[name].requires_grad_() for name in active}
        scores = F.linear(features(state, x, training=full), state["head.weight"], state["head.bias"])
        loss = F.nll_loss(scores.log_softmax(dim=1), y)
        losses.append(float(loss.detach()))
        gradients = torch.autograd.grad(loss, list(leaves.values()))
        for name, gradient in zip(active, gradients, strict=True):
            value = state[name].detach()
            decay = weight_decay if value.ndim == 2 else 0.0
            velocity[name] = momentum * velocity.get(name, torch.zeros_like(value)) + gradient + decay * value
            lr = lr_head if name.startswith("head") else lr_backbone
            state[name] = value - lr * velocity[name]
    return losses, state
