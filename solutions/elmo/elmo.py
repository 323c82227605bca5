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

### BEGIN SOLUTION
from torch.nn import functional as F


def _checked_mask(tokens: Tensor, mask: Tensor | None, vocab_size: int) -> Tensor:
    """The mask (B, T), all True if there is none; ValueError unless it is padding on the right."""
    if mask is None:
        mask = torch.ones_like(tokens, dtype=torch.bool)
    if mask.shape != tokens.shape:
        raise ValueError(f"tokens {tuple(tokens.shape)} and mask {tuple(mask.shape)} differ in shape")
    if ((tokens < 0) | (tokens >= vocab_size)).any():
        raise ValueError(f"ids must lie between 0 and {vocab_size - 1}")
    if not mask.any(dim=1).all():  # T = 0 ends here too
        raise ValueError("every row needs a real token")
    if (~mask[:, :-1] & mask[:, 1:]).any():
        raise ValueError("real tokens must come first in a row, padding after them")
    return mask


def _mirrored(states: Tensor, mask: Tensor) -> Tensor:
    """Reverse the real part of every row: (..., B, T, d) with what stood at n - 1 - t now at t."""
    # n minus the number of real tokens up to and including t is n - 1 - t. subtle: a plain flip of the padded
    # row would put the padding first, and the LSTM would read it before the sentence. Here what lands at the
    # padding (a copy of position 0) is read after the sentence, when it can do no harm.
    source = mask.sum(dim=1, keepdim=True) - mask.cumsum(dim=1)  # (B, T)
    return states.gather(-2, source[..., None].expand_as(states))


def _stack_of_states(lstms: nn.ModuleList, x: Tensor) -> Tensor:
    """The input (B, T, d) and the states of every layer above it: (L+1, B, T, d)."""
    states = [x]
    for lstm in lstms:
        states.append(lstm(states[-1])[0])
    return torch.stack(states)


### END SOLUTION


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
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.backward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.output = nn.Linear(dim, vocab_size)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x = self.embedding(tokens)  # (B, T, d)
        forward = _stack_of_states(self.forward_lstm, x)  # (L+1, B, T, d)
        backward = _mirrored(_stack_of_states(self.backward_lstm, _mirrored(x, mask)), mask)
        return {
            "layers": torch.cat([forward, backward], dim=-1).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(forward[-1]),  # (B, T, V)
            "logits_b": self.output(backward[-1]),
        }
        ### END SOLUTION


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
    ### BEGIN SOLUTION
    if logits_f.shape[:2] != tokens.shape or logits_b.shape != logits_f.shape:
        raise ValueError("logits must be (B, T, V), tokens (B, T)")
    mask = _checked_mask(tokens, mask, logits_f.shape[2])
    # A prediction has a position t and its neighbour t + 1; both are real iff the right one is. The same
    # pairs serve both directions: left predicts right, right predicts left.
    pairs = mask[:, 1:]  # (B, T-1)
    count = 2 * int(pairs.sum())
    if count == 0:
        raise ValueError("no row has two real tokens, so there is nothing to predict")
    forward = _log_probs(logits_f[:, :-1], tokens[:, 1:]).masked_fill(~pairs, 0.0).sum(dim=1)  # (B,)
    backward = _log_probs(logits_b[:, 1:], tokens[:, :-1]).masked_fill(~pairs, 0.0).sum(dim=1)
    joint = (forward + backward).sum()
    return {"forward": forward, "backward": backward, "joint": joint, "count": count, "loss": -joint / count}
    ### END SOLUTION


### BEGIN SOLUTION
def _log_probs(logits: Tensor, targets: Tensor) -> Tensor:
    """The log-probability of each target: (B, T', V) and (B, T') -> (B, T')."""
    return logits.log_softmax(dim=-1).gather(-1, targets[..., None]).squeeze(-1)


### END SOLUTION


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
        ### BEGIN SOLUTION
        scalars = torch.zeros(n_layers) if init is None else torch.tensor([float(value) for value in init])
        if len(scalars) != n_layers:
            raise ValueError(f"{n_layers} layers need {n_layers} initial scalars, not {len(scalars)}")
        self.layer_norm = layer_norm
        self.scalars = nn.Parameter(scalars)
        self.gamma = nn.Parameter(torch.ones(1))
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        if len(layers) != len(self.scalars):
            raise ValueError(f"{len(layers)} layers for {len(self.scalars)} scalars")
        if self.layer_norm:
            layers = F.layer_norm(layers, layers.shape[-1:])  # eps is 1e-5
        mixed = self.gamma * torch.einsum("j,j...->...", self.scalars.softmax(dim=0), layers)  # (..., D)
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
        ### END SOLUTION


### BEGIN SOLUTION
class _FrozenBiLM(BiLM):
    """A biLM that cannot be put into training mode.

    `.train()` of a module calls `.train()` of all modules in it, so `eval()` once in a constructor lasts only
    until the training loop begins.
    """

    def train(self, mode: bool = True) -> _FrozenBiLM:
        """Ask for any mode, get eval mode."""
        return super().train(False)


### END SOLUTION


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
        ### BEGIN SOLUTION
        self.bilm = _FrozenBiLM(vocab_size, dim, n_layers).requires_grad_(False).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers + 1, layer_norm) for _ in range(n_outputs))
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        layers = self.bilm(tokens, mask)["layers"]  # (L+1, B, T, 2d); needs no gradient, so builds no graph
        return [mix(layers) for mix in self.mixes]  # zeros at padding stay zeros, normalised or not
        ### END SOLUTION
