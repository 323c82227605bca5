"""Independent answers for `bert`: torch's encoder layers between explicit embeddings and heads, and the
lengths of a truncated pair by trying all of them.

`nn.TransformerEncoderLayer` has other names for its weights and the opposite padding mask; both are
translated here. The layers stay in training mode with dropout 0: in evaluation mode torch may take a fused
path that rounds differently.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

Shapes = dict[str, tuple[int, ...]]
State = dict[str, Tensor]

EPS = 1e-12

TORCH_NAMES = {
    "attn.in_proj.": "self_attn.in_proj_",
    "attn.out_proj.": "self_attn.out_proj.",
    "norm1.": "norm1.",
    "ff1.": "linear1.",
    "ff2.": "linear2.",
    "norm2.": "norm2.",
}


# ---- shapes and random weights, under the names of the handout ----


def shapes(
    vocab_size: int, d_model: int, n_layer: int, d_ff: int, max_len: int = 512, n_segments: int = 2
) -> Shapes:
    """Every entry of a BertModel's state dict."""
    found: Shapes = {
        "embeddings.word.weight": (vocab_size, d_model),
        "embeddings.position.weight": (max_len, d_model),
        "embeddings.segment.weight": (n_segments, d_model),
    }
    linears = {"pooler": (d_model, d_model), "nsp": (2, d_model)}
    norms = ["embeddings.norm"]
    for i in range(n_layer):
        linears |= {
            f"layers.{i}.attn.in_proj": (3 * d_model, d_model),
            f"layers.{i}.attn.out_proj": (d_model, d_model),
            f"layers.{i}.ff1": (d_ff, d_model),
            f"layers.{i}.ff2": (d_model, d_ff),
        }
        norms += [f"layers.{i}.norm1", f"layers.{i}.norm2"]
    for name, (n_out, n_in) in linears.items():
        found |= {f"{name}.weight": (n_out, n_in), f"{name}.bias": (n_out,)}
    for name in norms:
        found |= {f"{name}.{kind}": (d_model,) for kind in ("weight", "bias")}
    return found


def random_state(rng: np.random.Generator, shapes: Shapes) -> State:
    """Weights far from the usual initialisation, whose nearly flat softmax would hide errors."""
    state = {}
    for name, shape in shapes.items():
        noise = torch.from_numpy(rng.normal(size=shape))
        is_norm_weight = "norm" in name and name.endswith("weight")
        state[name] = 1 + 0.3 * noise if is_norm_weight else 0.5 * noise
    return state


# ---- the model ----


def outputs(state: State, n_head: int, ids: Tensor, types: Tensor, mask: Tensor | None = None) -> State:
    """Everything that `BertModel` returns; differentiable with respect to the embeddings in `state`."""
    x = F.embedding(ids, state["embeddings.word.weight"])
    x = x + state["embeddings.position.weight"][None, : ids.shape[1]]
    x = x + F.embedding(types, state["embeddings.segment.weight"])
    scale, shift = state["embeddings.norm.weight"], state["embeddings.norm.bias"]
    states = [F.layer_norm(x, x.shape[-1:], scale, shift, EPS)]
    forbidden = None
    if mask is not None:  # for every head and query; torch's own padding mask would import half of torch
        forbidden = ~mask[:, None, :].expand(-1, mask.shape[1], -1).repeat_interleave(n_head, dim=0)
    while f"layers.{len(states) - 1}.norm1.weight" in state:
        layer = _encoder_layer(state, f"layers.{len(states) - 1}.", n_head)
        states.append(layer(states[-1], src_mask=forbidden))
    pooled = F.linear(states[-1].select(1, 0), state["pooler.weight"], state["pooler.bias"]).tanh()
    return {
        "hidden_states": torch.stack(states),
        "last_hidden": states[-1],
        "pooled": pooled,
        "nsp_logits": F.linear(pooled, state["nsp.weight"], state["nsp.bias"]),
    }


def _encoder_layer(state: State, prefix: str, n_head: int) -> nn.TransformerEncoderLayer:
    d_ff, d_model = state[f"{prefix}ff1.weight"].shape
    layer = nn.TransformerEncoderLayer(
        d_model,
        n_head,
        d_ff,
        dropout=0.0,
        activation="gelu",
        layer_norm_eps=EPS,
        batch_first=True,
        dtype=torch.float64,
    )
    renamed = {
        theirs + kind: state[prefix + ours + kind]
        for ours, theirs in TORCH_NAMES.items()
        for kind in ("weight", "bias")
    }
    layer.load_state_dict(renamed)
    return layer


# ---- inputs ----


def truncated_lengths(n_a: int, n_b: int, max_tokens: int) -> tuple[int, int]:
    """Of all ways to keep exactly max_tokens ids the most even one; of two equally even, the one for a."""
    if n_a + n_b <= max_tokens:
        return n_a, n_b
    ways = [(m, max_tokens - m) for m in range(n_a + 1) if 0 <= max_tokens - m <= n_b]
    return min(ways, key=lambda way: (abs(way[0] - way[1]), -way[0]))
