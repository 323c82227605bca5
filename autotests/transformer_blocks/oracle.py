"""Independent answers for `transformer_blocks`: torch's own attention and layers, and attention row by row.

`torch.nn` fuses the three projections into `in_proj_weight`; the names are translated here. Its masks say
True = forbidden; the tests invert them. The modules stay in training mode with dropout 0: in evaluation mode
torch may take a fused path that rounds differently and zeroes padded rows.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

Shapes = dict[str, tuple[int, ...]]
State = dict[str, Tensor]

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "out_proj")


# ---- shapes and random weights, under the names of the handout ----


def attention_shapes(d_model: int, *, bias: bool = True, prefix: str = "") -> Shapes:
    """Every entry of a MultiHeadAttention's state dict."""
    shapes: Shapes = {f"{prefix}{name}.weight": (d_model, d_model) for name in PROJECTIONS}
    if bias:
        shapes |= {f"{prefix}{name}.bias": (d_model,) for name in PROJECTIONS}
    return shapes


def encoder_shapes(d_model: int, d_ff: int) -> Shapes:
    """Every entry of an EncoderLayer's state dict."""
    return attention_shapes(d_model, prefix="self_attn.") | _ffn_and_norm_shapes(d_model, d_ff, norms=2)


def decoder_shapes(d_model: int, d_ff: int) -> Shapes:
    """Every entry of a DecoderLayer's state dict."""
    attentions = attention_shapes(d_model, prefix="self_attn.") | attention_shapes(
        d_model, prefix="cross_attn."
    )
    return attentions | _ffn_and_norm_shapes(d_model, d_ff, norms=3)


def _ffn_and_norm_shapes(d_model: int, d_ff: int, *, norms: int) -> Shapes:
    shapes: Shapes = {
        "ffn.linear1.weight": (d_ff, d_model),
        "ffn.linear1.bias": (d_ff,),
        "ffn.linear2.weight": (d_model, d_ff),
        "ffn.linear2.bias": (d_model,),
    }
    for index in range(1, norms + 1):
        shapes |= {f"norm{index}.weight": (d_model,), f"norm{index}.bias": (d_model,)}
    return shapes


def random_state(rng: np.random.Generator, shapes: Shapes) -> State:
    """Weights far from torch's default initialisation, whose nearly flat softmax would hide errors."""
    state = {}
    for name, shape in shapes.items():
        noise = torch.from_numpy(rng.normal(size=shape))
        is_norm_weight = name.startswith("norm") and name.endswith("weight")
        state[name] = 1 + 0.3 * noise if is_norm_weight else 0.5 * noise
    return state


# ---- attention ----


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Torch's scaled dot-product attention, and its weights: what it returns when the values are one-hot.

    Every row of `mask` must allow a key.
    """
    one_hot = torch.eye(k.shape[-2], dtype=k.dtype).expand(*k.shape[:-1], k.shape[-2])
    output = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return output, F.scaled_dot_product_attention(q, k, one_hot, attn_mask=mask)


def attention_by_rows(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Attention one query at a time, over its allowed keys only; a query without any gives zeros."""
    lead, (n_queries, d), n_keys = q.shape[:-2], q.shape[-2:], k.shape[-2]
    allowed = mask.expand(*lead, n_queries, n_keys)
    outputs, weights = [], []
    for index in np.ndindex(*lead, n_queries):
        keys = allowed[index].nonzero().flatten()
        scores = k[index[:-1]][keys] @ q[index] / d**0.5
        row = torch.zeros(n_keys, dtype=q.dtype).index_put((keys,), scores.softmax(dim=0))
        weights.append(row)
        outputs.append(row @ v[index[:-1]])
    return (
        torch.stack(outputs).reshape(*lead, n_queries, v.shape[-1]),
        torch.stack(weights).reshape(*lead, n_queries, n_keys),
    )


# ---- torch's modules ----


def multihead(state: State, n_heads: int) -> nn.MultiheadAttention:
    """`nn.MultiheadAttention` with the given weights. Its masks: True = forbidden."""
    d_model, bias = len(state["out_proj.weight"]), "out_proj.bias" in state
    return _load(nn.MultiheadAttention(d_model, n_heads, bias=bias, batch_first=True), state)


def encoder_layer(state: State, n_heads: int, *, norm_first: bool = False) -> nn.TransformerEncoderLayer:
    """`nn.TransformerEncoderLayer` with the given weights and no dropout."""
    d_ff, d_model = state["ffn.linear1.weight"].shape
    layer = nn.TransformerEncoderLayer(
        d_model, n_heads, d_ff, dropout=0.0, batch_first=True, norm_first=norm_first
    )
    return _load(layer, state)


def decoder_layer(state: State, n_heads: int, *, norm_first: bool = False) -> nn.TransformerDecoderLayer:
    """`nn.TransformerDecoderLayer` with the given weights and no dropout."""
    d_ff, d_model = state["ffn.linear1.weight"].shape
    layer = nn.TransformerDecoderLayer(
        d_model, n_heads, d_ff, dropout=0.0, batch_first=True, norm_first=norm_first
    )
    return _load(layer, state)


def multihead_gradients(module: nn.MultiheadAttention) -> State:
    """Gradients of the parameters, under the names of the handout."""
    gradients = {"out_proj.weight": module.out_proj.weight.grad, "out_proj.bias": module.out_proj.bias.grad}
    for kind, fused in (("weight", module.in_proj_weight), ("bias", module.in_proj_bias)):
        parts = fused.grad.chunk(3)
        gradients |= {f"{name}.{kind}": part for name, part in zip(PROJECTIONS[:3], parts, strict=True)}
    return gradients


def _load(module: nn.Module, state: State) -> nn.Module:
    module.double()
    module.load_state_dict(_torch_names(state))
    return module


def _torch_names(state: State) -> State:
    """The handout's names become torch's, with q, k and v projections stacked."""
    renamed = {}
    for name, value in state.items():
        if "k_proj" in name or "v_proj" in name:
            continue
        if "q_proj" in name:
            value = torch.cat([state[name.replace("q_proj", part)] for part in PROJECTIONS[:3]])
        name = name.replace("q_proj.", "in_proj_").replace("cross_attn", "multihead_attn")
        renamed[name.removeprefix("ffn.")] = value
    return renamed
