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
    raise NotImplementedError


def causal_mask(length: int) -> Tensor:
    """Which positions each position may see in a decoder: itself and the past.

    Args:
        length: number of positions L, at least 1.

    Returns:
        bool (L, L); [i, j] is True iff j <= i. Row i is the query, column j the key. The diagonal is True:
        the decoder's input is the target shifted right, so position i holds the token *before* the one to
        predict.
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
        raise NotImplementedError

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
        raise NotImplementedError


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
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Map float (..., D) to float (..., D), with any number of leading dimensions."""
        raise NotImplementedError


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
        raise NotImplementedError

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Let every position look at every allowed position, before and after it.

        Args:
            x: float (B, L, D).
            mask: bool, broadcastable to (B, H, L, L); True = may attend. Usually a padding mask.

        Returns:
            float (B, L, D).
        """
        raise NotImplementedError


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
        raise NotImplementedError

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
        raise NotImplementedError
