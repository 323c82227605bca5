"""F.scaled_dot_product_attention and split heads, pooling by a one-hot product, task inputs from pairs."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Attn(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.in_proj = nn.Linear(width, 3 * width)
        self.out_proj = nn.Linear(width, width)


class Mlp(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, inner)
        self.proj = nn.Linear(inner, width)


class Block(nn.Module):
    def __init__(self, width: int, n_head: int, inner: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.attn = Attn(width)
        self.ln1 = nn.LayerNorm(width, eps=1e-5)
        self.mlp = Mlp(width, inner)
        self.ln2 = nn.LayerNorm(width, eps=1e-5)

    def forward(self, x: Tensor, usable: Tensor) -> Tensor:
        batch, length, width = x.shape
        # A query without keys would be a softmax over nothing, so it uses every key; it is padding anyway.
        usable = usable | ~usable.any(dim=-1, keepdim=True)
        q, k, v = (
            part.reshape(batch, length, self.n_head, width // self.n_head).transpose(1, 2)
            for part in self.attn.in_proj(x).split(width, dim=-1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=usable)
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = self.ln1(x + self.attn.out_proj(mixed))
        return self.ln2(x + self.mlp.proj(F.gelu(self.mlp.fc(x))))


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
        if divmod(d_model, n_head)[1] != 0:
            raise ValueError(f"{d_model} is no multiple of {n_head}")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.Sequential(*[Block(d_model, n_head, d_ff) for _ in range(n_layer)])
        if n_classes is None:
            self.register_module("clf", None)
        else:
            self.clf = nn.Linear(d_model, n_classes)
        self.apply(self._init)

    @staticmethod
    def _init(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        if mask is None:
            mask = torch.ones(ids.shape, dtype=torch.bool)
        elif mask.shape != ids.shape:
            raise ValueError("mask and ids must have the same shape")
        if ids.shape[-1] > self.wpe.weight.shape[0]:
            raise ValueError("more tokens than positions")
        if (ids < 0).any() or (ids > self.wte.weight.shape[0] - 1).any():
            raise ValueError("no embedding for such an id")
        if self.clf is not None:
            last = last_real_index(mask)

        pos = (mask.long().cumsum(-1) - 1).masked_fill(~mask, 0)
        x = self.wte(ids) + self.wpe(pos)
        length = ids.shape[1]
        causal = torch.tril(torch.ones(length, length, dtype=torch.bool))
        usable = (causal & mask.unsqueeze(1)).unsqueeze(1)  # (B, 1, T, T)
        for block in self.blocks:
            x = block(x, usable)
        result = {"hidden": x, "lm_logits": F.linear(x, self.wte.weight)}
        if self.clf is not None:
            at_last = F.one_hot(last, length).to(x.dtype)  # (B, T)
            result["clf_logits"] = self.clf((at_last.unsqueeze(1) @ x).squeeze(1))
        return result


def last_real_index(mask: Tensor) -> Tensor:
    last = torch.where(mask, torch.arange(mask.shape[1]), -1).max(dim=1).values
    if bool((last < 0).any()):
        raise ValueError("a row is empty")
    return last


def lm_loss(lm_logits: Tensor, ids: Tensor, mask: Tensor | None = None) -> Tensor:
    vocab = lm_logits.shape[-1]
    nll = F.cross_entropy(lm_logits[:, :-1].reshape(-1, vocab), ids[:, 1:].reshape(-1), reduction="none")
    if mask is not None:
        nll = nll[(mask[:, 1:] & mask[:, :-1]).reshape(-1)]
    return nll.mean() if len(nll) else lm_logits.sum() * 0


def finetune_loss(
    clf_logits: Tensor,
    labels: Tensor,
    lm_logits: Tensor,
    ids: Tensor,
    mask: Tensor | None = None,
    lm_coef: float = 0.5,
) -> dict[str, Tensor]:
    if lm_coef < 0:
        raise ValueError("the LM loss cannot count negatively")
    loss = {"clf": F.cross_entropy(clf_logits, labels), "lm": lm_loss(lm_logits, ids, mask)}
    loss["total"] = loss["clf"] + lm_coef * loss["lm"]
    return loss


def task_inputs(
    kind: str, parts: list[list[int]], *, start: int, delim: int, extract: int, n_ctx: int
) -> list[list[int]]:
    if kind not in ("classification", "entailment", "similarity", "choice"):
        raise ValueError(f"what is {kind}?")
    count = len(parts)
    if count < 3 if kind == "choice" else count != 1 + (kind != "classification"):
        raise ValueError(f"{count} parts for {kind}")
    if any(token in (start, delim, extract) for token in itertools.chain.from_iterable(parts)):
        raise ValueError("specials must not occur in the parts")

    if kind == "classification":
        bodies = [list(parts[0])]
    else:
        pairs = [(parts[0], other) for other in parts[1:]]
        if kind == "similarity":
            pairs.append((parts[1], parts[0]))
        bodies = [[*one, delim, *other] for one, other in pairs]
    result = [[start, *body, extract] for body in bodies]
    if max(len(sequence) for sequence in result) > n_ctx:
        raise ValueError("does not fit into n_ctx tokens")
    return result
