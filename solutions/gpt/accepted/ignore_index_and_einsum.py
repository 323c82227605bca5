"""Attention by einsum on views of in_proj's rows; the LM loss by labels of -100 where nothing is predicted.

A query without any key gets zero weights; what comes out of the stack at padding is set to 0.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _module(**children: nn.Module) -> nn.Module:
    """A module that only holds its children under their names."""
    holder = nn.Module()
    for name, child in children.items():
        holder.add_module(name, child)
    return holder


def _block(d: int, d_ff: int) -> nn.Module:
    return _module(
        attn=_module(in_proj=nn.Linear(d, 3 * d), out_proj=nn.Linear(d, d)),
        ln1=nn.LayerNorm(d),
        mlp=_module(fc=nn.Linear(d, d_ff), proj=nn.Linear(d_ff, d)),
        ln2=nn.LayerNorm(d),
    )


class GPT(nn.Module):
    """One class does all the work; the blocks hold the parameters only."""

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
        self.n_head, self.d_head = n_head, d_model // n_head
        if self.n_head * self.d_head != d_model:
            raise ValueError("n_head must divide d_model")
        self.wte, self.wpe = nn.Embedding(vocab_size, d_model), nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList(_block(d_model, d_ff) for _ in range(n_layer))
        self.has_head = n_classes is not None
        if self.has_head:
            self.clf = nn.Linear(d_model, n_classes)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.xavier_uniform_(parameter)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        if mask is None:
            mask = ids == ids
        self._validate(ids, mask)
        before = mask.cumsum(dim=1) - mask.long()  # real tokens before each position
        x = F.embedding(ids, self.wte.weight) + self.wpe.weight[before.clamp(max=len(self.wpe.weight) - 1)]
        place = torch.arange(ids.shape[1])
        allowed = (place[:, None] >= place)[None] & mask[:, None]  # (B, T, T)
        for block in self.blocks:
            x = block.ln1(x + self._attend(block.attn, x, allowed))
            x = block.ln2(x + block.mlp.proj(F.gelu(block.mlp.fc(x))))
        x = x * mask[..., None]
        outputs = {"hidden": x, "lm_logits": torch.einsum("btd,vd->btv", x, self.wte.weight)}
        if self.has_head:
            index = last_real_index(mask)[:, None, None].expand(-1, 1, x.shape[-1])
            outputs["clf_logits"] = self.clf(x.gather(1, index).squeeze(1))
        return outputs

    def _validate(self, ids: Tensor, mask: Tensor) -> None:
        vocab_size, n_ctx = len(self.wte.weight), len(self.wpe.weight)
        if list(mask.shape) != list(ids.shape):
            raise ValueError("ids and mask differ in shape")
        if ids.shape[1] > n_ctx:
            raise ValueError("the sequence is too long")
        if not bool(((ids >= 0) & (ids < vocab_size)).all()):
            raise ValueError("no such id")
        if self.has_head and (mask.sum(dim=1) == 0).any():
            raise ValueError("nothing to classify")

    def _attend(self, attn: nn.Module, x: Tensor, allowed: Tensor) -> Tensor:
        weight = attn.in_proj.weight.view(3, self.n_head, self.d_head, -1)
        bias = attn.in_proj.bias.view(3, 1, self.n_head, 1, self.d_head)
        q, k, v = torch.einsum("btd,phed->pbhte", x, weight) + bias
        scores = torch.einsum("bhqe,bhke->bhqk", q, k) * self.d_head**-0.5
        allowed = allowed[:, None]
        top = scores.masked_fill(~allowed, -torch.inf).amax(dim=-1, keepdim=True).clamp(min=-1e30).detach()
        powers = torch.where(allowed, scores - top, -torch.inf).exp()
        total = powers.sum(dim=-1, keepdim=True)
        weights = powers / torch.where(total == 0, torch.ones_like(total), total)
        heads = torch.einsum("bhqk,bhke->bqhe", weights, v)
        return attn.out_proj(heads.reshape(x.shape))


def last_real_index(mask: Tensor) -> Tensor:
    """The first True from the right."""
    if (~mask).all(dim=1).any():
        raise ValueError("each row needs a real token")
    return mask.shape[1] - 1 - mask.flip(1).to(torch.uint8).argmax(dim=1)


def lm_loss(lm_logits: Tensor, ids: Tensor, mask: Tensor | None = None) -> Tensor:
    """Position t is labelled with the token at t + 1, or -100."""
    labels = torch.full_like(ids, -100)
    labels[:, :-1] = ids[:, 1:]
    if mask is not None:
        labels[~mask] = -100
        labels[:, :-1][~mask[:, 1:]] = -100
    if (labels == -100).all():
        return torch.zeros((), dtype=lm_logits.dtype)
    return F.cross_entropy(lm_logits.transpose(1, 2), labels, ignore_index=-100)


def finetune_loss(
    clf_logits: Tensor,
    labels: Tensor,
    lm_logits: Tensor,
    ids: Tensor,
    mask: Tensor | None = None,
    lm_coef: float = 0.5,
) -> dict[str, Tensor]:
    """nll_loss of the task, and the LM's share."""
    if lm_coef < 0.0:
        raise ValueError("a negative share")
    clf = F.nll_loss(F.log_softmax(clf_logits, dim=-1), labels)
    lm = lm_loss(lm_logits=lm_logits, ids=ids, mask=mask)
    return {"total": torch.add(clf, lm, alpha=lm_coef), "clf": clf, "lm": lm}


def task_inputs(
    kind: str, parts: list[list[int]], *, start: int, delim: int, extract: int, n_ctx: int
) -> list[list[int]]:
    """Every kind is a list of texts joined by the delimiter."""
    if (kind, len(parts)) in [("classification", 1), ("entailment", 2)]:
        joined = [parts]
    elif kind == "similarity" and len(parts) == 2:
        joined = [parts, parts[::-1]]
    elif kind == "choice" and len(parts) >= 3:
        joined = [[parts[0], answer] for answer in parts[1:]]
    else:
        raise ValueError("no such task")
    if {start, delim, extract} & set().union(*parts):
        raise ValueError("a text contains a special token")

    def sequence(texts: list[list[int]]) -> list[int]:
        flat = [token for text in texts for token in (delim, *text)]
        return [start, *flat[1:], extract]

    sequences = list(map(sequence, joined))
    if any(len(one) > n_ctx for one in sequences):
        raise ValueError("too long")
    return sequences
