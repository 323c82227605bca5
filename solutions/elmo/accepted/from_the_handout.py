"""Written from the handout and the stub alone, whose docstrings are left out here."""

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
    def __init__(self, vocab_size: int, dim: int, n_layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.backward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.output = nn.Linear(dim, vocab_size)

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
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
    def __init__(self, n_layers: int, layer_norm: bool = False, init: Sequence[float] | None = None) -> None:
        super().__init__()
        scalars = torch.zeros(n_layers) if init is None else torch.tensor([float(value) for value in init])
        if len(scalars) != n_layers:
            raise ValueError(f"init has {len(scalars)} numbers, there are {n_layers} layers")
        self.layer_norm = layer_norm
        self.scalars = nn.Parameter(scalars)
        self.gamma = nn.Parameter(torch.ones(1))

    def forward(self, layers: Tensor, mask: Tensor | None = None) -> Tensor:
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
    def __init__(
        self, vocab_size: int, dim: int, n_layers: int, n_outputs: int = 1, layer_norm: bool = False
    ) -> None:
        super().__init__()
        self.bilm = BiLM(vocab_size, dim, n_layers).requires_grad_(False).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers + 1, layer_norm) for _ in range(n_outputs))

    def train(self, mode: bool = True) -> ElmoFeatures:
        """Set the mode of the mixes; the biLM stays in eval mode."""
        super().train(mode)
        self.bilm.eval()
        return self

    def forward(self, tokens: Tensor, mask: Tensor | None = None) -> list[Tensor]:
        with torch.no_grad():
            layers = self.bilm(tokens, mask)["layers"]
        return [mix(layers, mask) for mix in self.mixes]
