"""Independent answers for `elmo`: LSTMs gate by gate in numpy, sentence by sentence without padding, and sums
term by term.

Nothing here knows a mask: a padded batch is a list of sentences, put into zeros afterwards. Gradients come
from their closed forms, not from autograd.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[Any]
Shapes = dict[str, tuple[int, ...]]
State = dict[str, torch.Tensor]


# ---- shapes and random weights, under the names of the handout ----


def bilm_shapes(vocab_size: int, dim: int, n_layers: int, *, prefix: str = "") -> Shapes:
    """Every entry of a BiLM's state dict."""
    shapes: Shapes = {"embedding.weight": (vocab_size, dim)}
    for stack in ("forward_lstm", "backward_lstm"):
        for layer in range(n_layers):
            for kind in ("ih", "hh"):
                shapes[f"{stack}.{layer}.weight_{kind}_l0"] = (4 * dim, dim)
                shapes[f"{stack}.{layer}.bias_{kind}_l0"] = (4 * dim,)
    shapes |= {"output.weight": (vocab_size, dim), "output.bias": (vocab_size,)}
    return {prefix + name: shape for name, shape in shapes.items()}


def elmo_shapes(vocab_size: int, dim: int, n_layers: int, n_outputs: int) -> Shapes:
    """Every entry of an ElmoFeatures' state dict."""
    shapes = bilm_shapes(vocab_size, dim, n_layers, prefix="bilm.")
    for index in range(n_outputs):
        shapes |= {f"mixes.{index}.scalars": (n_layers + 1,), f"mixes.{index}.gamma": (1,)}
    return shapes


def random_state(rng: np.random.Generator, shapes: Shapes) -> State:
    """Weights far from torch's small initial ones, under which every sentence has nearly the same states."""
    return {name: torch.from_numpy(0.8 * rng.normal(size=shape)) for name, shape in shapes.items()}


def part(state: State, prefix: str) -> State:
    """The entries of one submodule, under the names that it has by itself."""
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


# ---- the two language models, one sentence at a time ----


def bilm(state: State, tokens: Sequence[int]) -> tuple[Array, Array, Array]:
    """layers (L+1, n, 2d), logits_f (n, V) and logits_b (n, V) of a sentence of n tokens."""
    weights = {name: value.numpy() for name, value in state.items()}
    x = weights["embedding.weight"][list(tokens)]
    forward = _stack(weights, "forward_lstm", x)
    backward = [states[::-1] for states in _stack(weights, "backward_lstm", x[::-1])]
    layers = np.stack([np.hstack(pair) for pair in zip(forward, backward, strict=True)])
    logits = [top[-1] @ weights["output.weight"].T + weights["output.bias"] for top in (forward, backward)]
    return layers, *logits


def padded(rows: Sequence[Array], length: int) -> Array:
    """layers (L+1, B, length, 2d) of a batch, from those of its sentences: zeros where one has ended."""
    result = np.zeros((len(rows[0]), len(rows), length, rows[0].shape[-1]))
    for index, row in enumerate(rows):
        result[:, index, : row.shape[1]] = row
    return result


def _stack(weights: dict[str, Array], name: str, x: Array) -> list[Array]:
    """The input, then the states of each layer, in the order of reading."""
    states = [x]
    while f"{name}.{len(states) - 1}.weight_ih_l0" in weights:
        states.append(_lstm(weights, f"{name}.{len(states) - 1}", states[-1]))
    return states


def _lstm(weights: dict[str, Array], name: str, x: Array) -> Array:
    """Hochreiter and Schmidhuber's LSTM with forget gates, one step after another, from a zero state."""
    inner, outer = weights[f"{name}.weight_ih_l0"], weights[f"{name}.weight_hh_l0"]
    bias = weights[f"{name}.bias_ih_l0"] + weights[f"{name}.bias_hh_l0"]
    h = c = np.zeros(x.shape[1])
    states = []
    for x_t in x:
        write, forget, candidate, read = np.split(inner @ x_t + outer @ h + bias, 4)
        c = _sigmoid(forget) * c + _sigmoid(write) * np.tanh(candidate)
        h = _sigmoid(read) * np.tanh(c)
        states.append(h)
    return np.array(states)


def _sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


# ---- likelihood ----


def log_likelihood(logits_f: Array, logits_b: Array, tokens: Array, lengths: Sequence[int]) -> dict[str, Any]:
    """What `bilm_log_likelihood` should return, prediction by prediction."""
    forward, backward = np.zeros(len(tokens)), np.zeros(len(tokens))
    terms = _terms(tokens, lengths)
    for direction, row, t, target in terms:
        logits, sums = (logits_f, forward) if direction == "f" else (logits_b, backward)
        sums[row] += np.log(_softmax(logits[row, t])[target])
    joint = forward.sum() + backward.sum()
    count = len(terms)
    return {"forward": forward, "backward": backward, "joint": joint, "count": count, "loss": -joint / count}


def log_likelihood_gradients(
    logits_f: Array, logits_b: Array, tokens: Array, lengths: Sequence[int], weights: dict[str, Any]
) -> tuple[Array, Array]:
    """Gradients of the weighted sum of the four results, with respect to both logits.

    Each prediction sends one-hot minus softmax to its logits.
    """
    gradients = {"f": np.zeros_like(logits_f), "b": np.zeros_like(logits_b)}
    terms = _terms(tokens, lengths)
    for direction, row, t, target in terms:
        own = weights["forward" if direction == "f" else "backward"][row]
        factor = own + weights["joint"] - weights["loss"] / len(terms)
        logits = logits_f if direction == "f" else logits_b
        one_hot = np.eye(logits.shape[-1])[target]
        gradients[direction][row, t] = factor * (one_hot - _softmax(logits[row, t]))
    return gradients["f"], gradients["b"]


def _terms(tokens: Array, lengths: Sequence[int]) -> list[tuple[str, int, int, int]]:
    """Every prediction as (direction, row, position, target)."""
    terms = []
    for row, n in enumerate(lengths):
        sentence = [int(token) for token in tokens[row, :n]]
        terms += [("f", row, t, target) for t, target in enumerate(sentence[1:])]
        terms += [("b", row, t, target) for t, target in enumerate(sentence[:-1], start=1)]
    return terms


# ---- the mix ----


def mix(scalars: Array, gamma: float, layers: Array) -> Array:
    """gamma times the layers, weighted by the softmax of the scalars."""
    result = np.zeros(layers.shape[1:])
    for share, layer in zip(_softmax(scalars), layers, strict=True):
        result += gamma * share * layer
    return result


def mix_gradients(
    scalars: Array, gamma: float, layers: Array, direction: Array
) -> tuple[Array, Array, Array]:
    """Gradients of sum(direction * mix) with respect to scalars, gamma (1,) and layers."""
    shares = _softmax(scalars)
    overlaps = np.array([(layer * direction).sum() for layer in layers])
    mean = shares @ overlaps
    return gamma * shares * (overlaps - mean), np.array([mean]), gamma * np.multiply.outer(shares, direction)


def normalised(layers: Array) -> Array:
    """Every vector of D features with mean 0 and (nearly) variance 1."""
    flat = layers.reshape(-1, layers.shape[-1])
    rows = [(row - row.mean()) / (row.var() + 1e-5) ** 0.5 for row in flat]
    return np.array(rows).reshape(layers.shape)


def _softmax(values: Array) -> Array:
    exponentials = np.exp(values - max(values))
    return exponentials / exponentials.sum()
