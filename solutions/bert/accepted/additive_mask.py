"""An additive float mask with -inf on keys, heads in a loop, norm and GELU written out, cutting by slices."""

import math
import random

import torch
from torch import nn

EPS = 1e-12


def truncate_pair(a, b, max_tokens):
    if max_tokens < 0:
        raise ValueError("max_tokens must be 0 or more")
    while len(a) + len(b) > max_tokens:
        if len(b) >= len(a):
            b = b[:-1]
        else:
            a = a[:-1]
    return list(a), list(b)


def build_inputs(a, b=None, *, cls_id, sep_id, pad_id, max_len=512, pad_to_max=False):
    is_pair = b is not None
    rest = b if is_pair else []
    if {cls_id, sep_id, pad_id} & {*a, *rest}:
        raise ValueError("special ids are added here, not before")
    room = max_len - 2 - is_pair
    if room < 0:
        raise ValueError("no room")
    a, rest = truncate_pair(a, rest, room)
    ids = [cls_id] + a + [sep_id] + ([*rest, sep_id] if is_pair else [])
    types = [int(position > len(a) + 1) for position in range(len(ids))]
    target = max_len if pad_to_max else len(ids)
    mask = [int(position < len(ids)) for position in range(target)]
    types += [0] * (target - len(ids))
    ids += [pad_id] * (target - len(ids))
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}


def collate(examples, pad_id):
    if not examples:
        raise ValueError("an empty batch")
    longest = max(len(values) for example in examples for values in example.values())
    columns = {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    for example in examples:
        sizes = {len(example[key]) for key in columns}
        if len(sizes) != 1:
            raise ValueError("lists of unequal length")
        missing = longest - sizes.pop()
        columns["input_ids"].append(example["input_ids"] + [pad_id] * missing)
        columns["token_type_ids"].append(example["token_type_ids"] + [0] * missing)
        columns["attention_mask"].append(example["attention_mask"] + [0] * missing)
    batch = {key: torch.tensor(rows, dtype=torch.long) for key, rows in columns.items()}
    batch["attention_mask"] = batch["attention_mask"] == 1
    return batch


def make_nsp_pairs(docs, *, seed, p_next=0.5):
    if p_next < 0.0 or p_next > 1.0:
        raise ValueError("not a probability")
    for document in docs:
        if not document or [] in document:
            raise ValueError("empty text")
    if len(docs) < 2 and p_next < 1.0:
        raise ValueError("random sentences need a second document")
    generator = random.Random(f"next sentence {seed}")
    numbered = list(enumerate(docs))
    result = []
    for d, document in numbered:
        for i in range(len(document) - 1):
            if generator.uniform(0.0, 1.0) < p_next:
                label, b_pos = 0, [d, i + 1]
            else:
                other, sentences = generator.choice(numbered[:d] + numbered[d + 1 :])
                label, b_pos = 1, [other, generator.choice(range(len(sentences)))]
            a, b = document[i], docs[b_pos[0]][b_pos[1]]
            result.append({"a": a, "b": b, "label": label, "a_pos": [d, i], "b_pos": b_pos})
    return result


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        centred = x - x.mean(dim=-1, keepdim=True)
        return self.weight * centred / (centred.square().mean(dim=-1, keepdim=True) + EPS).sqrt() + self.bias


class BertModel(nn.Module):
    def __init__(self, vocab_size, d_model, n_layer, n_head, d_ff, max_len=512, n_segments=2):
        super().__init__()
        self.n_head, remainder = n_head, d_model % n_head
        if remainder != 0:
            raise ValueError("d_model / n_head is not whole")
        self.embeddings = nn.ModuleDict(
            {
                "word": nn.Embedding(vocab_size, d_model),
                "position": nn.Embedding(max_len, d_model),
                "segment": nn.Embedding(n_segments, d_model),
                "norm": Norm(d_model),
            }
        )
        self.layers = nn.ModuleList()
        for _ in range(n_layer):
            projections = {
                "in_proj": nn.Linear(d_model, 3 * d_model),
                "out_proj": nn.Linear(d_model, d_model),
            }
            parts = {
                "attn": nn.ModuleDict(projections),
                "norm1": Norm(d_model),
                "ff1": nn.Linear(d_model, d_ff),
                "ff2": nn.Linear(d_ff, d_model),
                "norm2": Norm(d_model),
            }
            self.layers.append(nn.ModuleDict(parts))
        self.pooler = nn.Linear(d_model, d_model)
        self.nsp = nn.Linear(d_model, 2)

    def forward(self, input_ids, token_type_ids=None, attention_mask=None):
        tables = self.embeddings
        if input_ids.shape[1] > tables["position"].num_embeddings:
            raise ValueError("more tokens than positions")
        if token_type_ids is None:
            token_type_ids = input_ids * 0
        if attention_mask is None:
            attention_mask = input_ids * 0 + 1
        for other in (token_type_ids, attention_mask):
            if other.shape != input_ids.shape:
                raise ValueError("the inputs disagree in shape")
        for values, table in [(input_ids, tables["word"]), (token_type_ids, tables["segment"])]:
            if not ((values >= 0) & (values < table.num_embeddings)).all():
                raise ValueError("no such row in the table")
        real = attention_mask.bool()
        if not real.any(dim=1).all():
            raise ValueError("a row is all padding")

        x = tables["word"](input_ids) + tables["segment"](token_type_ids)
        x = tables["norm"](x + tables["position"].weight[: input_ids.shape[1]])
        penalty = torch.zeros(real.shape, dtype=x.dtype).masked_fill(~real, -math.inf)[:, None, :]
        states = [x]
        for layer in self.layers:
            x = self.layer(layer, x, penalty)
            states.append(x)
        pooled = torch.tanh(self.pooler(x[:, 0, :]))
        hidden = torch.stack(states, dim=0)
        return {
            "hidden_states": hidden,
            "last_hidden": hidden[-1],
            "pooled": pooled,
            "nsp_logits": self.nsp(pooled),
        }

    def layer(self, layer, x, penalty):
        width = x.shape[-1]
        d_head = width // self.n_head
        projected = layer["attn"]["in_proj"](x)
        heads = []
        for start in range(0, width, d_head):
            q, k, v = (
                projected[..., start + third : start + third + d_head] for third in (0, width, 2 * width)
            )
            scores = torch.einsum("bid,bjd->bij", q, k) / math.sqrt(d_head) + penalty
            heads.append(torch.einsum("bij,bjd->bid", scores.softmax(dim=-1), v))
        x = layer["norm1"](x + layer["attn"]["out_proj"](torch.cat(heads, dim=-1)))
        inner = layer["ff1"](x)
        inner = inner * 0.5 * (1 + torch.erf(inner / math.sqrt(2)))
        return layer["norm2"](x + layer["ff2"](inner))


def predict_is_next(nsp_logits):
    return (nsp_logits[:, 1] - nsp_logits[:, 0]) <= 0


def token_features(hidden_states, strategy):
    embeddings, *layers = hidden_states.detach().unbind(0)
    if not layers:
        raise ValueError("no layers")
    if strategy == "embeddings":
        return embeddings
    if strategy == "last":
        return layers[-1]
    if strategy == "second_to_last":
        return ([embeddings, *layers])[-2]
    if strategy == "sum_all":
        return sum(layers[1:], layers[0])
    if strategy in ("sum_last4", "concat_last4"):
        if len(layers) < 4:
            raise ValueError("fewer than four layers")
        *_, one, two, three, four = layers
        return one + two + three + four if strategy == "sum_last4" else torch.cat([one, two, three, four], -1)
    raise ValueError(strategy)
