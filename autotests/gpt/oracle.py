"""Independent answers for `gpt`: torch's encoder layers under a causal mask, and losses summed pair by pair.

`nn.TransformerEncoderLayer` has other names for its weights; they are translated here. The layers stay in
training mode with dropout 0: in evaluation mode torch may take a fused path that rounds differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, fsum, log

import numpy as np
import torch
from torch import Tensor, nn

Shapes = dict[str, tuple[int, ...]]
State = dict[str, Tensor]

TORCH_NAMES = {
    "attn.in_proj.": "self_attn.in_proj_",
    "attn.out_proj.": "self_attn.out_proj.",
    "ln1.": "norm1.",
    "mlp.fc.": "linear1.",
    "mlp.proj.": "linear2.",
    "ln2.": "norm2.",
}


# ---- shapes and random weights, under the names of the handout ----


def shapes(
    vocab_size: int, n_ctx: int, d_model: int, n_layer: int, d_ff: int, n_classes: int | None = None
) -> Shapes:
    """Every entry of a GPT's state dict."""
    found: Shapes = {"wte.weight": (vocab_size, d_model), "wpe.weight": (n_ctx, d_model)}
    for block in range(n_layer):
        for name, n_out, n_in in [
            ("attn.in_proj", 3 * d_model, d_model),
            ("attn.out_proj", d_model, d_model),
            ("mlp.fc", d_ff, d_model),
            ("mlp.proj", d_model, d_ff),
        ]:
            found[f"blocks.{block}.{name}.weight"] = (n_out, n_in)
            found[f"blocks.{block}.{name}.bias"] = (n_out,)
        for name in ("ln1", "ln2"):
            found |= {f"blocks.{block}.{name}.{kind}": (d_model,) for kind in ("weight", "bias")}
    if n_classes is not None:
        found |= {"clf.weight": (n_classes, d_model), "clf.bias": (n_classes,)}
    return found


def random_state(rng: np.random.Generator, shapes: Shapes) -> State:
    """Weights far from the usual initialisation, whose nearly flat softmax would hide errors."""
    state = {}
    for name, shape in shapes.items():
        noise = torch.from_numpy(rng.normal(size=shape))
        is_norm_weight = ".ln" in name and name.endswith("weight")
        state[name] = 1 + 0.3 * noise if is_norm_weight else 0.5 * noise
    return state


# ---- the stack ----


def hidden(state: State, ids: Tensor, n_head: int) -> Tensor:
    """What the top block puts out for ids without padding."""
    x = state["wte.weight"][ids] + state["wpe.weight"][: ids.shape[1]]
    future = nn.Transformer.generate_square_subsequent_mask(ids.shape[1], dtype=torch.float64)
    block = 0
    while f"blocks.{block}.ln1.weight" in state:
        x = _encoder_layer(state, f"blocks.{block}.", n_head)(x, src_mask=future)
        block += 1
    return x.detach()


def _encoder_layer(state: State, prefix: str, n_head: int) -> nn.TransformerEncoderLayer:
    d_ff, d_model = state[f"{prefix}mlp.fc.weight"].shape
    layer = nn.TransformerEncoderLayer(
        d_model, n_head, d_ff, dropout=0.0, activation="gelu", batch_first=True, dtype=torch.float64
    )
    own = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    renamed = {}
    for ours, theirs in TORCH_NAMES.items():
        renamed |= {theirs + kind: own[ours + kind] for kind in ("weight", "bias")}
    layer.load_state_dict(renamed)
    return layer


# ---- losses ----


def surprise(logits: Iterable[float], label: int) -> float:
    """Minus the log-probability of one label."""
    values = [float(value) for value in logits]
    top = max(values)
    return top + log(fsum(exp(value - top) for value in values)) - values[label]


def lm_loss(logits: Tensor, ids: Tensor, mask: Tensor) -> float:
    """Mean surprise at a real token right after a real token, found by walking through every row."""
    terms = []
    for row, tokens, reals in zip(logits.tolist(), ids.tolist(), mask.tolist(), strict=True):
        for t, token in enumerate(tokens):
            if t > 0 and reals[t] and reals[t - 1]:
                terms.append(surprise(row[t - 1], token))
    return fsum(terms) / len(terms) if terms else 0.0


def clf_loss(logits: Tensor, labels: Tensor) -> float:
    """Mean surprise at the labels."""
    pairs = zip(logits.tolist(), labels.tolist(), strict=True)
    return fsum(surprise(row, label) for row, label in pairs) / len(labels)
