"""What distinguishes a Transformer encoder layer from a decoder layer? (study note 2)

An encoder layer has two sublayers, self-attention and a feed-forward network. A decoder layer has three:
*masked* self-attention, cross-attention to the encoder's output, and a feed-forward network. Every sublayer
is wrapped in a residual connection and a layer normalisation. All of it rests on one function, scaled
dot-product attention:

    encoder layer                            decoder layer
    x ─> self_attn ─> add, norm1             x ─> self_attn, causal ─> add, norm1
      ─> ffn ───────> add, norm2               ─> cross_attn ────────> add, norm2    (K and V from `memory`)
                                               ─> ffn ───────────────> add, norm3

Only *generation* goes through the target one position after another. In training every target token is known,
and the causal mask lets one forward pass compute all positions as if each had seen nothing but its own past.

Shapes: B batch, L, T, S lengths, H heads, D = d_model, d_head = D / H. Masks are `torch.bool`; True means
"this query may attend to this key", the opposite of the masks of `nn.MultiheadAttention`.

Vaswani et al. 2017, "Attention Is All You Need" (arXiv:1706.03762), sections 3.1 to 3.3; for the pre-norm
order Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture" (arXiv:2002.04745).
"""

from __future__ import annotations

### BEGIN SOLUTION
from collections.abc import Callable

### END SOLUTION
import torch
from torch import Tensor, nn


def scaled_dot_product_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """For each query, the average of the values, weighted by how well their keys match the query.

        weights = softmax(q k^T / sqrt(d))  over the keys,        output = weights v

    Args:
        q: queries, float (..., Lq, d).
        k: keys, float (..., Lk, d). The leading dimensions of q, k and v are equal; there may be any number,
            also none.
        v: values, float (..., Lk, dv); dv may differ from d.
        mask: bool, broadcastable to (..., Lq, Lk); True = may attend. None allows everything.

    Returns:
        (output, weights): float (..., Lq, dv) and float (..., Lq, Lk), of the inputs' dtype.

    The softmax runs over the allowed keys only: a forbidden key has weight exactly 0, and the weights of a
    query with at least one allowed key sum to 1. A query with *no* allowed key has all-zero weights and a
    zero output, and the gradients of q, k and v stay finite. The result is finite in float32 for scores up to
    1e4 in absolute value, also when the largest scores of a row are forbidden.

    Raises:
        ValueError: mask is not bool, q and k differ in d, or k and v differ in Lk.

    Why sqrt(d): the dot product of d independent pairs of mean 0 and variance 1 has variance d. Without the
    division the scores grow with the width, the softmax saturates and its gradient vanishes. Vaswani et al.
    2017, section 3.2.1.
    """
    ### BEGIN SOLUTION
    if mask is not None and mask.dtype != torch.bool:
        raise ValueError(f"mask must be bool (True = may attend), not {mask.dtype}")
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"q and k differ in width: {q.shape[-1]} and {k.shape[-1]}")
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"{k.shape[-2]} keys but {v.shape[-2]} values")
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5  # (..., Lq, Lk)
    weights = _masked_softmax(scores, mask)  # (..., Lq, Lk)
    return weights @ v, weights  # (..., Lq, dv)
    ### END SOLUTION


### BEGIN SOLUTION
def _masked_softmax(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax over the last dimension, restricted to the allowed entries; a row without any becomes zeros."""
    if mask is None:
        return scores.softmax(dim=-1)
    empty = ~mask.any(dim=-1, keepdim=True)  # (..., Lq, 1)
    # -inf before the softmax, so that neither the sum nor the shift by the maximum sees a forbidden score.
    scores = scores.masked_fill(~mask, -torch.inf)
    # subtle: a row of -inf only would give 0 / 0 = NaN, and NaN * 0 is still NaN in the backward pass. Such a
    # row gets harmless scores instead; its weights are erased afterwards, which also stops its gradient.
    return scores.masked_fill(empty, 0.0).softmax(dim=-1).masked_fill(~mask, 0.0)


### END SOLUTION


def causal_mask(length: int) -> Tensor:
    """Which positions each position may see in a decoder: itself and the past.

    Args:
        length: number of positions L, at least 1.

    Returns:
        bool (L, L); [i, j] is True iff j <= i. Row i is the query, column j the key. The diagonal is True:
        the decoder's input is the target shifted right, so position i holds the token *before* the one to
        predict.
    """
    ### BEGIN SOLUTION
    return torch.ones(length, length, dtype=torch.bool).tril()
    ### END SOLUTION


def padding_mask(lengths: Tensor, length: int) -> Tensor:
    """Which keys are real tokens, for sequences of different lengths padded to one length.

    Args:
        lengths: int (B,), the number of real tokens of each sequence, 0 and L included.
        length: the common padded length L.

    Returns:
        bool (B, 1, 1, L); [b, 0, 0, j] is True iff j < lengths[b]. The two dimensions of size 1 broadcast
        over heads and queries: padding hides keys, whoever asks.

    Raises:
        ValueError: a length is below 0 or above L.
    """
    ### BEGIN SOLUTION
    if ((lengths < 0) | (lengths > length)).any():
        raise ValueError(f"lengths must lie between 0 and {length}, got {lengths.tolist()}")
    positions = torch.arange(length, device=lengths.device)  # (L,)
    return positions < lengths[:, None, None, None]  # (B, 1, 1, L)
    ### END SOLUTION


class MultiHeadAttention(nn.Module):
    """H attentions in parallel, each on its own d_head = D / H columns of the projected inputs.

        head_h = attention(q_h, k_h, v_h),        output = out_proj(concat(head_0, ..., head_{H-1}))

    Here q_h is the columns h * d_head to (h + 1) * d_head of q_proj(query), and k_h, v_h likewise: head h
    uses *contiguous* columns. The heads are concatenated in the same order. The scores are divided by
    sqrt(d_head), the width that the dot product really sums over.

    Submodules: `q_proj`, `k_proj`, `v_proj`, `out_proj`, each `nn.Linear(d_model, d_model, bias=bias)`; the
    state dict holds `q_proj.weight`, `q_proj.bias`, ... and nothing else. Vaswani et al. 2017, section 3.2.2.
    """

    def __init__(self, d_model: int, n_heads: int, bias: bool = True) -> None:
        """Make the four projections.

        Args:
            d_model: width D of inputs and outputs.
            n_heads: number of heads H.
            bias: whether the four projections have a bias.

        Raises:
            ValueError: d_model is not a multiple of n_heads.
        """
        super().__init__()
        ### BEGIN SOLUTION
        if d_model % n_heads != 0:
            raise ValueError(f"d_model {d_model} is not a multiple of n_heads {n_heads}")
        self.n_heads = n_heads
        self.q_proj = nn.Linear(d_model, d_model, bias=bias)
        self.k_proj = nn.Linear(d_model, d_model, bias=bias)
        self.v_proj = nn.Linear(d_model, d_model, bias=bias)
        self.out_proj = nn.Linear(d_model, d_model, bias=bias)
        ### END SOLUTION

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        """Let each row of `query` look up rows of `value` by their `key`.

        Self-attention is the call with the same tensor three times; in cross-attention `query` comes from one
        sequence, `key` and `value` from another.

        Args:
            query: float (B, Lq, D).
            key: float (B, Lk, D).
            value: float (B, Lk, D).
            mask: bool, broadcastable to (B, H, Lq, Lk), so (Lq, Lk) and (B, 1, 1, Lk) both work; True = may
                attend.

        Returns:
            float (B, Lq, D). A query without any allowed key yields `out_proj.bias`.
        """
        ### BEGIN SOLUTION
        q = _split_heads(self.q_proj(query), self.n_heads)  # (B, H, Lq, d_head)
        k = _split_heads(self.k_proj(key), self.n_heads)  # (B, H, Lk, d_head)
        v = _split_heads(self.v_proj(value), self.n_heads)  # (B, H, Lk, d_head)
        heads, _ = scaled_dot_product_attention(q, k, v, mask)  # (B, H, Lq, d_head)
        return self.out_proj(_merge_heads(heads))  # (B, Lq, D)
        ### END SOLUTION


### BEGIN SOLUTION
def _split_heads(x: Tensor, n_heads: int) -> Tensor:
    """(B, L, D) -> (B, H, L, d_head)."""
    # subtle: unflatten first, transpose second. Reshaping straight to (B, H, L, d_head) has the right shape
    # but deals out positions to heads instead of columns.
    return x.unflatten(-1, (n_heads, -1)).transpose(1, 2)


def _merge_heads(heads: Tensor) -> Tensor:
    """(B, H, L, d_head) -> (B, L, D), the inverse of `_split_heads`."""
    return heads.transpose(1, 2).flatten(start_dim=-2)


### END SOLUTION


class PositionwiseFFN(nn.Module):
    """Two linear maps with a ReLU between them, applied to every position on its own.

        ffn(x) = linear2(relu(linear1(x)))

    Submodules: `linear1`, an `nn.Linear(d_model, d_ff)`, and `linear2`, an `nn.Linear(d_ff, d_model)`, both
    with bias. Attention moves information between positions; here each position works on its own. Vaswani et
    al. 2017, section 3.3.
    """

    def __init__(self, d_model: int, d_ff: int) -> None:
        """Make the two linear maps: `d_model` is the width D outside, `d_ff` the width inside."""
        super().__init__()
        ### BEGIN SOLUTION
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """Map float (..., D) to float (..., D), with any number of leading dimensions."""
        ### BEGIN SOLUTION
        return self.linear2(torch.relu(self.linear1(x)))  # (..., d_ff) inside
        ### END SOLUTION


### BEGIN SOLUTION
def _add_and_norm(
    layer: EncoderLayer | DecoderLayer, norm: nn.LayerNorm, x: Tensor, sublayer: Callable[[Tensor], Tensor]
) -> Tensor:
    """One sublayer with its residual connection, dropout and norm, in the layer's order."""
    if layer.norm_first:
        # The residual is the raw x: from the last layer to the first there is a path that no norm interrupts.
        return x + layer.dropout(sublayer(norm(x)))
    return norm(x + layer.dropout(sublayer(x)))


### END SOLUTION


class EncoderLayer(nn.Module):
    """Self-attention, then a feed-forward network.

    Sublayers in order: f_1 = self-attention, f_2 = feed-forward. Each one is wrapped, with its own norm_i:

        post-norm (norm_first=False):  x = norm_i(x + dropout(f_i(x)))      the original order
        pre-norm  (norm_first=True):   x = x + dropout(f_i(norm_i(x)))      most models since; no final norm

    Submodules: `self_attn` (MultiHeadAttention with biases), `ffn` (PositionwiseFFN), `norm1`, `norm2`
    (`nn.LayerNorm(d_model)`, eps 1e-5). No other parameters or persistent buffers. Dropout acts on the output
    of a sublayer and nowhere else, and only in training mode. Vaswani et al. 2017, section 3.1; Xiong et al.
    2020.
    """

    def __init__(
        self, d_model: int, n_heads: int, d_ff: int, dropout: float = 0.0, norm_first: bool = False
    ) -> None:
        """Make the sublayers and norms.

        Args:
            d_model: width D.
            n_heads: number of attention heads H.
            d_ff: inner width of the feed-forward network.
            dropout: probability that an element of a sublayer's output is dropped in training mode.
            norm_first: pre-norm order instead of post-norm.
        """
        super().__init__()
        ### BEGIN SOLUTION
        self.norm_first = norm_first
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Let every position look at every allowed position, before and after it.

        Args:
            x: float (B, L, D).
            mask: bool, broadcastable to (B, H, L, L); True = may attend. Usually a padding mask.

        Returns:
            float (B, L, D).
        """
        ### BEGIN SOLUTION
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, mask))
        return _add_and_norm(self, self.norm2, x, self.ffn)  # (B, L, D)
        ### END SOLUTION


class DecoderLayer(nn.Module):
    """Causal self-attention, then cross-attention to the encoder's output, then a feed-forward network.

    Sublayers in order: f_1 = self-attention, f_2 = cross-attention, f_3 = feed-forward, wrapped like those of
    `EncoderLayer` with norm1, norm2, norm3:

        post-norm (norm_first=False):  x = norm_i(x + dropout(f_i(x)))
        pre-norm  (norm_first=True):   x = x + dropout(f_i(norm_i(x)))

    Self-attention is *always* causal. In cross-attention the queries come from this very layer, from the
    output of its self-attention sublayer; keys and values are `memory`, the output of the last encoder layer,
    the same for every decoder layer. In pre-norm order only the query is normed there; `memory` is used as
    given.

    Submodules: `self_attn`, `cross_attn` (MultiHeadAttention with biases), `ffn` (PositionwiseFFN), `norm1`,
    `norm2`, `norm3` (`nn.LayerNorm(d_model)`, eps 1e-5). No other parameters or persistent buffers. Dropout
    acts on the output of a sublayer and nowhere else, and only in training mode. Vaswani et al. 2017, section
    3.1; Xiong et al. 2020.
    """

    def __init__(
        self, d_model: int, n_heads: int, d_ff: int, dropout: float = 0.0, norm_first: bool = False
    ) -> None:
        """Make the sublayers and norms; the arguments are those of `EncoderLayer`."""
        super().__init__()
        ### BEGIN SOLUTION
        self.norm_first = norm_first
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.cross_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.norm3 = nn.LayerNorm(d_model)
        self.dropout = nn.Dropout(dropout)
        ### END SOLUTION

    def forward(
        self, x: Tensor, memory: Tensor, tgt_mask: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> Tensor:
        """Compute all target positions in one pass; position t depends on x[:, :t + 1] and `memory` only.

        Args:
            x: float (B, T, D), the target side.
            memory: float (B, S, D), the encoder's output.
            tgt_mask: bool, broadcastable to (B, H, T, T); True = may attend. It is AND-ed with the causal
                mask, so it can forbid more but never allow the future.
            memory_mask: bool, broadcastable to (B, H, T, S); True = may attend. Usually the source's padding
                mask.

        Returns:
            float (B, T, D).
        """
        ### BEGIN SOLUTION
        self_mask = causal_mask(x.shape[1]).to(x.device)  # (T, T)
        if tgt_mask is not None:
            self_mask = self_mask & tgt_mask  # (T, T) up to (B, H, T, T)
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, self_mask))
        x = _add_and_norm(self, self.norm2, x, lambda y: self.cross_attn(y, memory, memory, memory_mask))
        return _add_and_norm(self, self.norm3, x, self.ffn)  # (B, T, D)
        ### END SOLUTION
