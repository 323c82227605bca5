"""Truncation by arithmetic, torch's fused attention, numpy's generator, inputs from (id, type) pairs."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def truncate_pair(a, b, max_tokens):
    if max_tokens < 0:
        raise ValueError("max_tokens is negative")
    if len(a) + len(b) <= max_tokens:
        return a[:], b[:]
    # b gets the smaller half, or more if a cannot fill the other; a gets what b leaves.
    n_b = min(len(b), max(max_tokens // 2, max_tokens - len(a)))
    return a[: max_tokens - n_b], b[:n_b]


def build_inputs(a, b=None, *, cls_id, sep_id, pad_id, max_len=512, pad_to_max=False):
    for special in (cls_id, sep_id, pad_id):
        if special in a or (b is not None and special in b):
            raise ValueError(f"{special} is a special id")
    if b is None:
        if max_len < 2:
            raise ValueError("max_len < 2")
        pieces = [(cls_id, 0), *((token, 0) for token in a[: max_len - 2]), (sep_id, 0)]
    else:
        a, b = truncate_pair(a, b, max_len - 3)
        pieces = [(cls_id, 0), *((token, 0) for token in a), (sep_id, 0)]
        pieces += [*((token, 1) for token in b), (sep_id, 1)]
    mask = [1] * len(pieces)
    while pad_to_max and len(pieces) < max_len:
        pieces.append((pad_id, 0))
        mask.append(0)
    ids, types = zip(*pieces, strict=True)
    return {"input_ids": list(ids), "token_type_ids": list(types), "attention_mask": mask}


def collate(examples, pad_id):
    if len(examples) == 0:
        raise ValueError("no examples")
    lengths = []
    for example in examples:
        ids, types, mask = (example[key] for key in ("input_ids", "token_type_ids", "attention_mask"))
        if not len(ids) == len(types) == len(mask):
            raise ValueError("unequal lists")
        lengths.append(len(ids))
    shape = (len(examples), max(lengths))
    batch = {
        "input_ids": torch.full(shape, pad_id),
        "token_type_ids": torch.zeros(shape, dtype=torch.int64),
        "attention_mask": torch.zeros(shape, dtype=torch.bool),
    }
    for row, (example, length) in enumerate(zip(examples, lengths, strict=True)):
        for key, values in batch.items():
            values[row, :length] = torch.tensor(example[key], dtype=values.dtype)
    return batch


def make_nsp_pairs(docs, *, seed, p_next=0.5):
    if not 0 <= p_next <= 1:
        raise ValueError("p_next is no probability")
    lengths = [len(document) for document in docs]
    if 0 in lengths or any(len(sentence) == 0 for document in docs for sentence in document):
        raise ValueError("something is empty")
    if p_next < 1 and len(docs) <= 1:
        raise ValueError("no other document")
    rng = np.random.default_rng(seed)
    examples = []
    for d, length in enumerate(lengths):
        for i in range(length - 1):
            place = (d, i + 1)
            is_random = rng.random() >= p_next
            if is_random:
                other = rng.integers(len(docs) - 1)
                other += other >= d  # steps over d itself
                place = (int(other), int(rng.integers(lengths[other])))
            examples.append(
                {
                    "a": docs[d][i][:],
                    "b": docs[place[0]][place[1]][:],
                    "label": is_random,
                    "a_pos": (d, i),
                    "b_pos": place,
                }
            )
    return examples


class Embeddings(nn.Module):
    def __init__(self, vocab_size, d_model, max_len, n_segments):
        super().__init__()
        self.word = nn.Embedding(vocab_size, d_model)
        self.position = nn.Embedding(max_len, d_model)
        self.segment = nn.Embedding(n_segments, d_model)
        self.norm = nn.LayerNorm(d_model, eps=1e-12)


class Attention(nn.Module):
    def __init__(self, d_model):
        super().__init__()
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)


class Layer(nn.Module):
    def __init__(self, d_model, d_ff):
        super().__init__()
        self.attn = Attention(d_model)
        self.norm1 = nn.LayerNorm(d_model, eps=1e-12)
        self.ff1 = nn.Linear(d_model, d_ff)
        self.ff2 = nn.Linear(d_ff, d_model)
        self.norm2 = nn.LayerNorm(d_model, eps=1e-12)


class BertModel(nn.Module):
    def __init__(self, vocab_size, d_model, n_layer, n_head, d_ff, max_len=512, n_segments=2):
        super().__init__()
        if d_model % n_head:
            raise ValueError("heads of unequal width")
        self.n_head = n_head
        self.embeddings = Embeddings(vocab_size, d_model, max_len, n_segments)
        self.layers = nn.ModuleList(Layer(d_model, d_ff) for _ in range(n_layer))
        self.pooler = nn.Linear(d_model, d_model)
        self.nsp = nn.Linear(d_model, 2)

    def forward(self, input_ids, token_type_ids=None, attention_mask=None):
        types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        if not input_ids.shape == types.shape == mask.shape:
            raise ValueError("shapes differ")
        e = self.embeddings
        length = input_ids.shape[1]
        if length > e.position.weight.shape[0]:
            raise ValueError("too long")
        for indices, table in ((input_ids, e.word), (types, e.segment)):
            if indices.min() < 0 or indices.max() >= len(table.weight):
                raise ValueError("index out of range")
        if (mask.sum(dim=1) == 0).any():
            raise ValueError("nothing to read")
        x = e.norm(e.word.weight[input_ids] + e.segment.weight[types] + e.position.weight[:length])
        keys = (mask != 0)[:, None, None, :]
        states = x[None]
        for layer in self.layers:
            parts = layer.attn.in_proj(x).chunk(3, dim=-1)
            q, k, v = (part.unflatten(-1, (self.n_head, -1)).transpose(1, 2) for part in parts)
            attended = F.scaled_dot_product_attention(q, k, v, attn_mask=keys).transpose(1, 2)
            x = layer.norm1(x + layer.attn.out_proj(attended.reshape(x.shape)))
            x = layer.norm2(x + layer.ff2(F.gelu(layer.ff1(x))))
            states = torch.cat([states, x[None]])
        pooled = self.pooler(x.select(1, 0)).tanh()
        return {
            "hidden_states": states,
            "last_hidden": x,
            "pooled": pooled,
            "nsp_logits": self.nsp(pooled),
        }


def predict_is_next(nsp_logits):
    return nsp_logits.argmax(dim=-1).eq(0) | (nsp_logits[:, 0] == nsp_logits[:, 1])


def token_features(hidden_states, strategy):
    top = hidden_states.shape[0] - 1
    layers = {
        "embeddings": [0],
        "last": [top],
        "second_to_last": [top - 1],
        "sum_last4": [top - 3, top - 2, top - 1, top],
        "concat_last4": [top - 3, top - 2, top - 1, top],
        "sum_all": list(range(1, top + 1)),
    }.get(strategy)
    if layers is None or top < 1 or min(layers) < 0 or (len(layers) == 4 and top < 4):
        raise ValueError("no such features")
    with torch.no_grad():
        chosen = hidden_states[layers]
        if strategy == "concat_last4":
            return chosen.permute(1, 2, 0, 3).flatten(start_dim=2)
        return chosen.sum(dim=0)
