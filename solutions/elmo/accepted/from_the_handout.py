"""ELMo: a language model in both directions, and the weighted sum of its layers.

The note asks: 「什么是ELMo?」 What is ELMo?

Two language models read the same sentence, one from the left and one from the right. Each is a stack of
LSTMs that never sees what it has to predict; they share the token embedding and the softmax layer and meet
only where their states are written side by side:

    token t ─> embedding ─> x_t ─┬─> forward_lstm.0 ──> forward_lstm.1  ──> output: scores token t + 1
                                 └─> backward_lstm.0 ─> backward_lstm.1 ──> output: scores token t - 1
                         layer 0        layer 1              layer 2

A word's vector is a weighted sum of all its layers, with weights that the end task learns. The language model
itself stays frozen: its states are features.

Shapes: B batch, T padded length, V vocabulary, d width of one direction, L LSTM layers, n real tokens of a
row. Modules are created in float32 and work alike after `.double()`. Ids are int64. Masks are `torch.bool`,
True = real token. Logarithms are natural. Nothing changes its arguments.

Peters et al. 2018, "Deep contextualized word representations" (arXiv:1802.05365), sections 3.1 to 3.3. Left
out here: the character CNN with highway layers that makes the paper's token vectors, its projections from
4096 to 512 dimensions, and the residual connection between its two LSTM layers.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _check_batch(tokens: Tensor, mask: Tensor | None, vocab_size: int) -> Tensor:
    """The mask (all True for None), or ValueError if tokens or mask are not a batch padded on the right."""
    if tokens.dim() != 2 or tokens.shape[1] == 0:
        raise ValueError(f"tokens must be (B, T) with T >= 1, got {tuple(tokens.shape)}")
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError(f"ids must be in 0 .. {vocab_size - 1}")
    if mask is None:
        return torch.ones_like(tokens, dtype=torch.bool)
    if mask.shape != tokens.shape:
        raise ValueError(f"mask is {tuple(mask.shape)}, tokens are {tuple(tokens.shape)}")
    if not mask[:, 0].all():
        raise ValueError("a row begins with padding or has no real token")
    if (mask[:, 1:] & ~mask[:, :-1]).any():
        raise ValueError("a row has a real token after padding")
    return mask


class BiLM(nn.Module):
    """A forward and a backward LSTM language model with a common embedding and a common output layer.

    The forward stack reads x_0, x_1, ...; its layer l + 1 reads the states of its own layer l and nothing
    else. The backward stack does the same on the reversed sentence. Neither ever reads a state of the other,
    for then its second layer would know the word that it has to predict.

    Parameters, under these names, and no others:

        embedding.weight (V, d)
        forward_lstm.{l}.weight_ih_l0, .weight_hh_l0 (4d, d), .bias_ih_l0, .bias_hh_l0 (4d,)     l = 0 .. L-1
        backward_lstm.{l}. ...                                                                  likewise
        output.weight (V, d), output.bias (V,)

    `forward_lstm.{l}` are the parameters of an `nn.LSTM(d, d)`, gates in its order i, f, g, o; the initial h
    and c are zero. `embedding.weight` and `output.weight` are two different parameters. No dropout, no
    residual connections. Peters et al. 2018, section 3.1.
    """

    def __init__(self, vocab_size: int, dim: int, n_layers: int) -> None:
        """Make the embedding, the two stacks and the output layer.

        Args:
            vocab_size: number of ids V.
            dim: width d of the embedding and of each LSTM state.
            n_layers: number of LSTM layers L of each direction, at least 1.
        """
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.backward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.output = nn.Linear(dim, vocab_size)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Run both directions over a batch of sentences padded on the right.

        Args:
            tokens: int64 (B, T), with the boundary tokens of the sentences; any valid id at padding.
            mask: bool (B, T), True at the n >= 1 first positions of each row. None means no padding.

        Returns:
            A dict with

            "layers": (L+1, B, T, 2d). Layer 0 is the embedding twice, [x_t; x_t]. Layer j >= 1 holds the
                states of layer j of the forward stack in the first d columns and those of layer j of the
                backward stack in the last d columns, both at the position of the token that was read. Exactly
                0 at padding.
            "logits_f": (B, T, V), `output` of the forward stack's top states. Position t has read tokens 0 to
                t and scores token t + 1.
            "logits_b": (B, T, V), `output` of the backward stack's top states. Position t has read tokens
                n - 1 down to t and scores token t - 1.

            The logits are finite everywhere; at padding they are otherwise unspecified. The backward stack
            begins at token n - 1 of its row with a zero state, so a row has the same results alone and padded
            to any length, whatever ids stand in the padding.

        Raises:
            ValueError: mask has another shape than tokens; a row of it has no True, a True after a False
                (padding on the left, holes); an id, also at padding, is not in 0 .. V-1; T is 0.
        """
        mask = _check_batch(tokens, mask, self.embedding.num_embeddings)
        padding = ~mask[..., None]
        x = self.embedding(tokens).masked_fill(padding, 0.0)

        # Reverse the n real tokens of each row and leave the padding at the end; it is its own inverse.
        place = torch.arange(tokens.shape[1], device=tokens.device)
        length = mask.sum(dim=1, keepdim=True)
        mirror = torch.where(mask, length - 1 - place, place)[..., None].expand_as(x)

        layers = [torch.cat([x, x], dim=-1)]
        h_f, h_b = x, x.gather(1, mirror)  # h_b is in reading order, from right to left
        for lstm_f, lstm_b in zip(self.forward_lstm, self.backward_lstm, strict=True):
            h_f, _ = lstm_f(h_f)
            h_b, _ = lstm_b(h_b)
            layers.append(torch.cat([h_f, h_b.gather(1, mirror)], dim=-1).masked_fill(padding, 0.0))
        return {
            "layers": torch.stack(layers),
            "logits_f": self.output(h_f),
            "logits_b": self.output(h_b.gather(1, mirror)),
        }


def bilm_log_likelihood(
    logits_f: Tensor, logits_b: Tensor, tokens: Tensor, mask: Tensor | None = None
) -> dict[str, Tensor | int]:
    """How probable the two language models find a batch of sentences; training maximises the sum of both.

    For a row with n real tokens, with p_f and p_b the softmax of the logits over the vocabulary,

        forward  = sum of log p_f(tokens[t+1]) at position t, for t = 0 .. n-2
        backward = sum of log p_b(tokens[t-1]) at position t, for t = 1 .. n-1

    The first token is given to the forward model and the last one to the backward model, so each predicts
    n - 1 tokens. Peters et al. 2018, section 3.1.

    Args:
        logits_f: float (B, T, V), as from `BiLM`: position t scores token t + 1.
        logits_b: float (B, T, V); position t scores token t - 1.
        tokens: int64 (B, T).
        mask: bool (B, T), True at the n >= 1 first positions of each row. None means no padding.

    Returns:
        A dict with

        "forward": (B,), the forward log-likelihood of each row; 0 for a row of a single token.
        "backward": (B,), likewise.
        "joint": 0-dimensional tensor, the sum of both over the batch.
        "count": int, the number of predictions in it, the sum of 2 (n - 1) over the rows.
        "loss": 0-dimensional tensor, -joint / count.

        All but "count" can be differentiated with respect to the logits. What stands at padding (any finite
        logits, any valid ids) influences nothing.

    Raises:
        ValueError: tokens and mask are such as `BiLM.forward` refuses; one of the logits is not (B, T, V) for
            the B and T of tokens and a common V; count is 0.
    """
    for logits in (logits_f, logits_b):
        if logits.dim() != 3 or logits.shape[:2] != tokens.shape or logits.shape != logits_f.shape:
            raise ValueError("the logits must be (B, T, V), with the B and T of tokens and a common V")
    mask = _check_batch(tokens, mask, logits_f.shape[-1])
    pairs = mask[:, 1:]  # real neighbours t and t + 1; each makes one prediction in each direction
    count = 2 * int(pairs.sum())
    if count == 0:
        raise ValueError("there is nothing to predict")

    def log_likelihood(logits: Tensor, targets: Tensor) -> Tensor:
        """Sum over each row's pairs of the log-probability of the target."""
        log_p = F.log_softmax(logits, dim=-1).gather(-1, targets[..., None])[..., 0]
        return log_p.masked_fill(~pairs, 0.0).sum(dim=1)

    forward = log_likelihood(logits_f[:, :-1], tokens[:, 1:])
    backward = log_likelihood(logits_b[:, 1:], tokens[:, :-1])
    joint = (forward + backward).sum()
    return {"forward": forward, "backward": backward, "joint": joint, "count": count, "loss": -joint / count}


class ScalarMix(nn.Module):
    """A learned weighted sum of layers: what ELMo makes of a biLM for one place of one task.

        mix = gamma * sum over j of s_j * layers[j],        s = softmax(scalars)

    s_j is the share of layer j; gamma fits the scale of the sum to the task. The weights are the same for all
    positions and all D features.

    Parameters: `scalars` (n_layers,) and `gamma` (1,), which is initially 1; no others. Peters et al. 2018,
    equation 1 and section 3.2.
    """

    def __init__(self, n_layers: int, layer_norm: bool = False, init: Sequence[float] | None = None) -> None:
        """Make the two parameters.

        Args:
            n_layers: number of layers to mix.
            layer_norm: whether each layer is normalised before it is mixed.
            init: n_layers numbers, the initial `scalars`; they go *into* the softmax and need not sum to 1.
                None means zeros: all layers have the same share.

        Raises:
            ValueError: init has not n_layers numbers.
        """
        super().__init__()
        scalars = torch.zeros(n_layers) if init is None else torch.tensor([float(value) for value in init])
        if len(scalars) != n_layers:
            raise ValueError(f"init has {len(scalars)} numbers, there are {n_layers} layers")
        self.layer_norm = layer_norm
        self.scalars = nn.Parameter(scalars)
        self.gamma = nn.Parameter(torch.ones(1))

    def forward(self, layers: Tensor, mask: Tensor | None = None) -> Tensor:
        """Mix the layers, position by position.

        With layer_norm, every vector layers[j, ...] of D features is first normalised by itself: its mean is
        subtracted, then it is divided by sqrt(var + 1e-5) with the biased variance; no scale, no shift. So
        the result at a position depends on nothing outside it, neither on other rows nor on padding.

        Args:
            layers: float (n_layers, ..., D), layer 0 first; any number of dimensions between, also none.
            mask: bool (...), the shape of layers without its first and last dimension; True = real token.

        Returns:
            float (..., D), exactly 0 where mask is False.

        Raises:
            ValueError: the first dimension of layers is not n_layers.
        """
        if layers.dim() < 2 or layers.shape[0] != len(self.scalars):
            raise ValueError(f"layers must be ({len(self.scalars)}, ..., D), got {tuple(layers.shape)}")
        if mask is not None:
            if mask.shape != layers.shape[1:-1]:
                raise ValueError(f"mask is {tuple(mask.shape)}, layers are {tuple(layers.shape)}")
            layers = layers.masked_fill(~mask[..., None], 0.0)  # stays 0 when normalised, and when mixed
        if self.layer_norm:
            layers = F.layer_norm(layers, layers.shape[-1:], eps=1e-5)
        shares = self.scalars.softmax(dim=0).reshape(-1, *[1] * (layers.dim() - 1))
        return self.gamma * (shares * layers).sum(dim=0)


class ElmoFeatures(nn.Module):
    """A frozen biLM, and one or more mixes of its layers as features for a task.

    Submodules: `bilm`, a `BiLM(vocab_size, dim, n_layers)`, and `mixes.{i}`, n_outputs `ScalarMix`es, each
    over the n_layers + 1 layers of `bilm`, the token layer included, and with weights of its own. No others.

    The task trains the mixes and nothing in the biLM: all parameters of `bilm` have requires_grad False, no
    gradient reaches them, and `bilm` and everything in it are in eval mode, from the beginning and also after
    `.train()`. The rest follows `.train()` and `.eval()` as any module does. Peters et al. 2018, section 3.3.
    """

    def __init__(
        self, vocab_size: int, dim: int, n_layers: int, n_outputs: int = 1, layer_norm: bool = False
    ) -> None:
        """Make the biLM and the mixes.

        Args:
            vocab_size: number of ids V.
            dim: width d of one direction.
            n_layers: number of LSTM layers L of each direction.
            n_outputs: number of mixes. A task may want one at its input and another at its output.
            layer_norm: handed to every mix.
        """
        super().__init__()
        self.bilm = BiLM(vocab_size, dim, n_layers).requires_grad_(False).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers + 1, layer_norm) for _ in range(n_outputs))

    def train(self, mode: bool = True) -> ElmoFeatures:
        """Set the mode of the mixes; the biLM stays in eval mode."""
        super().train(mode)
        self.bilm.eval()
        return self

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> list[Tensor]:
        """The features of every token.

        Args:
            tokens: int64 (B, T), as for `BiLM`.
            mask: bool (B, T), as for `BiLM`.

        Returns:
            n_outputs tensors (B, T, 2d), the i-th from `mixes.{i}`; exactly 0 at padding.

        Raises:
            ValueError: as `BiLM.forward`.
        """
        with torch.no_grad():
            layers = self.bilm(tokens, mask)["layers"]
        return [mix(layers, mask) for mix in self.mixes]
