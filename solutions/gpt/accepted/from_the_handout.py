"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class _Attention(nn.Module):
    """Multi-head self-attention; `allowed` (B, 1, T, T) says which query may use which key."""

    def __init__(self, d_model: int, n_head: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(-1, (self.n_head, -1)).transpose(1, 2)  # (B, H, T, d_head)
            for part in self.in_proj(x).chunk(3, dim=-1)
        )
        heads = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        return self.out_proj(heads.transpose(1, 2).flatten(2))


class _MLP(nn.Module):
    """Two linear layers with the exact GELU between them."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_model, d_ff)
        self.proj = nn.Linear(d_ff, d_model)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(F.gelu(self.fc(x)))


class _Block(nn.Module):
    """One post-norm Transformer block."""

    def __init__(self, d_model: int, n_head: int, d_ff: int) -> None:
        super().__init__()
        self.attn = _Attention(d_model, n_head)
        self.ln1 = nn.LayerNorm(d_model, eps=1e-5)
        self.mlp = _MLP(d_model, d_ff)
        self.ln2 = nn.LayerNorm(d_model, eps=1e-5)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        n = self.ln1(x + self.attn(x, allowed))
        return self.ln2(n + self.mlp(n))


class GPT(nn.Module):
    def __init__(
        self,
        vocab_size: int,
        n_ctx: int,
        d_model: int,
        n_layer: int,
        n_head: int,
        d_ff: int,
        n_classes: int | None = None,
    ) -> None:
        super().__init__()
        if d_model % n_head != 0:
            raise ValueError(f"d_model = {d_model} is not a multiple of n_head = {n_head}")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList(_Block(d_model, n_head, d_ff) for _ in range(n_layer))
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        self._check(ids, mask)
        if mask is None:
            mask = torch.ones_like(ids, dtype=torch.bool)
        # The number of real tokens before each position; at most T - 1, also at padding.
        position = mask.cumsum(dim=1) - mask.long()
        # Causal, and only real keys. Each position may use itself too: real ones may anyway, and padding,
        # which no real token sees, thus never has a softmax over nothing.
        n_tokens = ids.shape[1]
        causal = torch.ones(n_tokens, n_tokens, dtype=torch.bool, device=ids.device).tril()
        itself = torch.eye(n_tokens, dtype=torch.bool, device=ids.device)
        allowed = ((causal & mask[:, None, :]) | itself)[:, None]

        x = self.wte(ids) + self.wpe(position)
        for block in self.blocks:
            x = block(x, allowed)
        outputs = {"hidden": x, "lm_logits": F.linear(x, self.wte.weight)}
        if self.clf is not None:
            row = torch.arange(len(ids), device=ids.device)
            outputs["clf_logits"] = self.clf(x[row, last_real_index(mask)])
        return outputs

    def _check(self, ids: Tensor, mask: Tensor | None) -> None:
        """ValueError for ids and masks that `forward` refuses."""
        if ids.shape[1] > self.wpe.num_embeddings:
            raise ValueError(f"{ids.shape[1]} tokens are more than n_ctx = {self.wpe.num_embeddings}")
        if ((ids < 0) | (ids >= self.wte.num_embeddings)).any():
            raise ValueError(f"ids must be from 0 to {self.wte.num_embeddings - 1}")
        if mask is None:
            return
        if mask.shape != ids.shape:
            raise ValueError(f"mask is {tuple(mask.shape)}, ids are {tuple(ids.shape)}")
        if self.clf is not None and not mask.any(dim=1).all():
            raise ValueError("a row has no real token")


def last_real_index(mask: Tensor) -> Tensor:
    if not mask.any(dim=1).all():
        raise ValueError("a row has no real token")
    index = torch.arange(mask.shape[1], device=mask.device)
    return torch.where(mask, index, -1).amax(dim=1)


def lm_loss(lm_logits: Tensor, ids: Tensor, mask: Tensor | None = None) -> Tensor:
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pairs = mask[:, :-1] & mask[:, 1:]
    logits, targets = lm_logits[:, :-1][pairs], ids[:, 1:][pairs]
    # The sum over no pairs is 0; the maximum keeps it from being divided by 0.
    return F.cross_entropy(logits, targets, reduction="sum") / max(len(targets), 1)


def finetune_loss(
    clf_logits: Tensor,
    labels: Tensor,
    lm_logits: Tensor,
    ids: Tensor,
    mask: Tensor | None = None,
    lm_coef: float = 0.5,
) -> dict[str, Tensor]:
    if not lm_coef >= 0:
        raise ValueError(f"lm_coef must not be negative, got {lm_coef}")
    clf = F.cross_entropy(clf_logits, labels)
    lm = lm_loss(lm_logits, ids, mask)
    return {"clf": clf, "lm": lm, "total": clf + lm_coef * lm}


def task_inputs(
    kind: str, parts: list[list[int]], *, start: int, delim: int, extract: int, n_ctx: int
) -> list[list[int]]:
    n_parts = {
        "classification": len(parts) == 1,
        "entailment": len(parts) == 2,
        "similarity": len(parts) == 2,
        "choice": len(parts) >= 3,
    }
    if kind not in n_parts:
        raise ValueError(f"unknown kind {kind!r}")
    if not n_parts[kind]:
        raise ValueError(f"{len(parts)} parts do not fit {kind!r}")
    if any(special in part for part in parts for special in (start, delim, extract)):
        raise ValueError("a part contains a special token")

    if kind == "similarity":
        bodies = [parts, parts[::-1]]
    elif kind == "choice":
        bodies = [[parts[0], answer] for answer in parts[1:]]
    else:
        bodies = [parts]
    sequences = []
    for first, *rest in bodies:
        sequence = [start, *first]
        for text in rest:
            sequence += [delim, *text]
        sequences.append([*sequence, extract])
    if any(len(sequence) > n_ctx for sequence in sequences):
        raise ValueError(f"a sequence is longer than n_ctx = {n_ctx}")
    return sequences
