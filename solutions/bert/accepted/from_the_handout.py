"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

import random

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPS = 1e-12  # of all layer norms


def truncate_pair(a: list[int], b: list[int], max_tokens: int) -> tuple[list[int], list[int]]:
    if max_tokens < 0:
        raise ValueError(f"max_tokens must not be negative, got {max_tokens}")
    a, b = list(a), list(b)
    while len(a) + len(b) > max_tokens:
        (a if len(a) > len(b) else b).pop()
    return a, b


def build_inputs(
    a: list[int],
    b: list[int] | None = None,
    *,
    cls_id: int,
    sep_id: int,
    pad_id: int,
    max_len: int = 512,
    pad_to_max: bool = False,
) -> dict[str, list[int]]:
    special = {cls_id, sep_id, pad_id}
    if not special.isdisjoint(a) or (b is not None and not special.isdisjoint(b)):
        raise ValueError("a text contains a special id")
    n_special = 2 if b is None else 3
    if max_len < n_special:
        raise ValueError(f"max_len must be at least {n_special}, got {max_len}")
    if b is None:
        input_ids = [cls_id, *a[: max_len - n_special], sep_id]
        token_type_ids = [0] * len(input_ids)
    else:
        a, b = truncate_pair(a, b, max_len - n_special)
        input_ids = [cls_id, *a, sep_id, *b, sep_id]
        token_type_ids = [0] * (len(a) + 2) + [1] * (len(b) + 1)
    n_pad = max_len - len(input_ids) if pad_to_max else 0
    return {
        "input_ids": input_ids + [pad_id] * n_pad,
        "token_type_ids": token_type_ids + [0] * n_pad,
        "attention_mask": [1] * len(input_ids) + [0] * n_pad,
    }


def collate(examples: list[dict[str, list[int]]], pad_id: int) -> dict[str, Tensor]:
    if not examples:
        raise ValueError("there are no examples")
    filling = {"input_ids": pad_id, "token_type_ids": 0, "attention_mask": 0}
    if any(len({len(example[key]) for key in filling}) > 1 for example in examples):
        raise ValueError("the lists of an example differ in length")
    longest = max(len(example["input_ids"]) for example in examples)
    batch = {
        key: torch.tensor(
            [[*example[key], *[value] * (longest - len(example[key]))] for example in examples],
            dtype=torch.int64,
        )
        for key, value in filling.items()
    }
    batch["attention_mask"] = batch["attention_mask"].bool()
    return batch


def make_nsp_pairs(docs: list[list[list[int]]], *, seed: int, p_next: float = 0.5) -> list[dict]:
    if not 0 <= p_next <= 1:
        raise ValueError(f"p_next must be from 0 to 1, got {p_next}")
    if any(len(doc) == 0 or any(len(sentence) == 0 for sentence in doc) for doc in docs):
        raise ValueError("a document or a sentence is empty")
    if p_next < 1 and len(docs) < 2:
        raise ValueError("random sentences need at least two documents")
    rng = random.Random(str(seed))  # as a string, because -1 and 1 are the same seed as numbers
    pairs = []
    for d, doc in enumerate(docs):
        for i in range(len(doc) - 1):
            if rng.random() < p_next:
                label, b_doc, b_sentence = 0, d, i + 1
            else:
                label = 1
                b_doc = rng.randrange(len(docs) - 1)
                b_doc += b_doc >= d  # leaves out d
                b_sentence = rng.randrange(len(docs[b_doc]))
            pairs.append(
                {
                    "a": list(doc[i]),
                    "b": list(docs[b_doc][b_sentence]),
                    "label": label,
                    "a_pos": [d, i],
                    "b_pos": [b_doc, b_sentence],
                }
            )
    return pairs


class _Embeddings(nn.Module):
    """The normed sum of word, position and segment embeddings."""

    def __init__(self, vocab_size: int, d_model: int, max_len: int, n_segments: int) -> None:
        super().__init__()
        self.word = nn.Embedding(vocab_size, d_model)
        self.position = nn.Embedding(max_len, d_model)
        self.segment = nn.Embedding(n_segments, d_model)
        self.norm = nn.LayerNorm(d_model, eps=EPS)

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        column = torch.arange(input_ids.shape[1], device=input_ids.device)
        return self.norm(self.word(input_ids) + self.position(column) + self.segment(token_type_ids))


class _Attention(nn.Module):
    """Multi-head self-attention; `real` (B, T) says which keys may be used, by every query alike."""

    def __init__(self, d_model: int, n_head: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(-1, (self.n_head, -1)).transpose(1, 2)  # (B, H, T, d_head)
            for part in self.in_proj(x).chunk(3, dim=-1)
        )
        heads = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, None, :])
        return self.out_proj(heads.transpose(1, 2).flatten(2))


class _Layer(nn.Module):
    """One post-norm encoder layer."""

    def __init__(self, d_model: int, n_head: int, d_ff: int) -> None:
        super().__init__()
        self.attn = _Attention(d_model, n_head)
        self.norm1 = nn.LayerNorm(d_model, eps=EPS)
        self.ff1 = nn.Linear(d_model, d_ff)
        self.ff2 = nn.Linear(d_ff, d_model)
        self.norm2 = nn.LayerNorm(d_model, eps=EPS)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        n = self.norm1(x + self.attn(x, real))
        return self.norm2(n + self.ff2(F.gelu(self.ff1(n))))


class BertModel(nn.Module):
    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        n_layer: int,
        n_head: int,
        d_ff: int,
        max_len: int = 512,
        n_segments: int = 2,
    ) -> None:
        super().__init__()
        if d_model % n_head != 0:
            raise ValueError(f"d_model = {d_model} is not a multiple of n_head = {n_head}")
        self.embeddings = _Embeddings(vocab_size, d_model, max_len, n_segments)
        self.layers = nn.ModuleList(_Layer(d_model, n_head, d_ff) for _ in range(n_layer))
        self.pooler = nn.Linear(d_model, d_model)
        self.nsp = nn.Linear(d_model, 2)

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor | None = None, attention_mask: Tensor | None = None
    ) -> dict[str, Tensor]:
        if token_type_ids is None:
            token_type_ids = torch.zeros_like(input_ids)
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        self._check(input_ids, token_type_ids, attention_mask)
        real = attention_mask.bool()

        states = [self.embeddings(input_ids, token_type_ids)]
        for layer in self.layers:
            states.append(layer(states[-1], real))
        last_hidden = states[-1]
        pooled = torch.tanh(self.pooler(last_hidden[:, 0]))
        return {
            "hidden_states": torch.stack(states),
            "last_hidden": last_hidden,
            "pooled": pooled,
            "nsp_logits": self.nsp(pooled),
        }

    def _check(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> None:
        """ValueError for inputs that `forward` refuses."""
        for name, other in (("token_type_ids", token_type_ids), ("attention_mask", attention_mask)):
            if other.shape != input_ids.shape:
                raise ValueError(f"{name} is {tuple(other.shape)}, input_ids are {tuple(input_ids.shape)}")
        max_len = self.embeddings.position.num_embeddings
        if input_ids.shape[1] > max_len:
            raise ValueError(f"{input_ids.shape[1]} ids are more than max_len = {max_len}")
        for name, ids, table in (
            ("an id", input_ids, self.embeddings.word),
            ("a token type", token_type_ids, self.embeddings.segment),
        ):
            if ((ids < 0) | (ids >= table.num_embeddings)).any():
                raise ValueError(f"{name} is not from 0 to {table.num_embeddings - 1}")
        if not attention_mask.bool().any(dim=1).all():
            raise ValueError("a row has no real token")


def predict_is_next(nsp_logits: Tensor) -> Tensor:
    return nsp_logits[:, 0] >= nsp_logits[:, 1]


def token_features(hidden_states: Tensor, strategy: str) -> Tensor:
    n_layer = len(hidden_states) - 1
    if n_layer < 1:
        raise ValueError("there are no layers")
    if strategy in ("sum_last4", "concat_last4") and n_layer < 4:
        raise ValueError(f"{strategy!r} needs at least 4 layers, got {n_layer}")
    states = hidden_states.detach()
    match strategy:
        case "embeddings":
            return states[0]
        case "last":
            return states[-1]
        case "second_to_last":
            return states[-2]
        case "sum_last4":
            return states[-4:].sum(dim=0)
        case "concat_last4":
            return torch.cat(list(states[-4:]), dim=-1)
        case "sum_all":
            return states[1:].sum(dim=0)
        case _:
            raise ValueError(f"unknown strategy {strategy!r}")
