"""nn.Transformer in post-norm order, sinusoidal positions, separate embeddings; one sentence at a time.

Results come as tensors, tuples and numpy numbers.
"""

import heapq
from fractions import Fraction
from itertools import pairwise

import numpy as np
import torch
from torch import nn

LENGTH = 48


class Vocabulary:
    """BPE on the bytes of words that end in their blank; the special tokens come last."""

    def __init__(self, sentences, n_merges=450):
        words = {}
        for sentence in sentences:
            for word in self.cut(sentence):
                words[word] = words.get(word, 0) + 1
        spelled = {word: [bytes([b]) for b in word] for word in words}
        self.ranks = {}
        for rank in range(n_merges):
            counts = {}
            for word, pieces in spelled.items():
                for pair in pairwise(pieces):
                    counts[pair] = counts.get(pair, 0) + words[word]
            if not counts:
                break
            winner = sorted(counts, key=lambda pair: (-counts[pair], pair))[0]
            self.ranks[winner] = rank
            spelled = {word: self.join(pieces, winner) for word, pieces in spelled.items()}
        pieces = dict.fromkeys([bytes([b]) for b in range(256)] + [a + b for a, b in self.ranks])
        self.pieces = [*pieces, "eos", "bos", "pad"]  # special ones last
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}
        self.eos, self.bos, self.pad = (self.ids[name] for name in ("eos", "bos", "pad"))

    @staticmethod
    def cut(text):
        """Pieces of text that end where a blank ends."""
        parts = text.encode().split(b" ")
        return [part + b" " for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])

    @staticmethod
    def join(pieces, pair):
        joined, i = [], 0
        while i < len(pieces):
            if i + 1 < len(pieces) and (pieces[i], pieces[i + 1]) == pair:
                joined.append(pieces[i] + pieces[i + 1])
                i += 2
            else:
                joined.append(pieces[i])
                i += 1
        return joined

    def encode(self, text):
        ids = []
        for word in self.cut(text):
            pieces = [bytes([b]) for b in word]
            while True:
                pairs = [pair for pair in pairwise(pieces) if pair in self.ranks]
                if not pairs:
                    break
                pieces = self.join(pieces, min(pairs, key=self.ranks.__getitem__))
            ids += [self.ids[piece] for piece in pieces]
        return ids

    def decode(self, ids):
        pieces = [self.pieces[int(i)] for i in ids]
        return b"".join(piece for piece in pieces if isinstance(piece, bytes)).decode("utf-8", "replace")


class Model(nn.Module):
    def __init__(self, size, pad, width=64):
        super().__init__()
        self.width, self.pad = width, pad
        self.source = nn.Embedding(size, width)
        self.target = nn.Embedding(size, width)
        self.core = nn.Transformer(width, 4, 1, 1, 128, dropout=0.0, batch_first=True)
        self.out = nn.Linear(width, size)
        angles = torch.arange(600)[:, None] / 10000 ** (torch.arange(0, width, 2) / width)
        self.register_buffer("table", torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1))

    def enter(self, embedding, ids):
        return embedding(ids) + self.table[: ids.shape[1]]

    def read(self, source):
        return self.core.encoder(self.enter(self.source, source), src_key_padding_mask=source == self.pad)

    def write(self, memory, source, target):
        causal = torch.full((target.shape[1], target.shape[1]), -torch.inf).triu(1)
        states = self.core.decoder(
            self.enter(self.target, target),
            memory,
            tgt_mask=causal,
            memory_key_padding_mask=(source == self.pad).float() * -1e9,
        )
        return self.out(states)


def train_translator(pairs, *, seed=0, max_steps=600, on_step=None):
    if len(pairs) == 0 or max_steps <= 0:
        raise ValueError("nothing to do")
    rng = np.random.default_rng(seed)
    torch.manual_seed(int(rng.integers(2**31)))
    vocabulary = Vocabulary([side for pair in pairs for side in pair])
    data = [
        (
            [*vocabulary.encode(source), vocabulary.eos],
            [vocabulary.bos, *vocabulary.encode(target), vocabulary.eos],
        )
        for source, target in pairs
    ]
    model = Model(len(vocabulary.pieces), vocabulary.pad)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0)
    order, total = [], min(max_steps, 400)
    for step in range(total):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min((step + 1) / 60, (total - step) / total)
        if len(order) < 64:
            order += rng.permutation(len(data)).tolist()
        chosen, order = [data[i] for i in order[:64]], order[64:]
        source, target = (fill([pair[side] for pair in chosen], vocabulary.pad) for side in (0, 1))
        logits = model.write(model.read(source), source, target[:, :-1])
        real = target[:, 1:] != vocabulary.pad
        loss = nn.functional.cross_entropy(logits[real], target[:, 1:][real])
        model.zero_grad()
        loss.backward()
        optimizer.step()
        if on_step:
            on_step(step + 1, float(loss), len(chosen))
    model.eval()
    return Translator(vocabulary, model)


def fill(rows, pad):
    longest = max(map(len, rows))
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows])


class Translator:
    def __init__(self, vocabulary, model):
        self.vocabulary, self.model = vocabulary, model

    def tokenize(self, text):
        return tuple(self.vocabulary.encode(text))

    def detokenize(self, ids):
        return self.vocabulary.decode(ids)

    def vocab_size(self):
        return np.int64(len(self.vocabulary.pieces))

    def eos_id(self):
        return self.vocabulary.eos

    def _read(self, src):
        source = torch.tensor([[*self.tokenize(src), self.vocabulary.eos]])
        return self.model.read(source), source

    def _rows(self, memory, source, prefixes):
        target = torch.tensor([[self.vocabulary.bos, *prefix] for prefix in prefixes])
        n = len(prefixes)
        logits = self.model.write(memory.expand(n, -1, -1), source.expand(n, -1), target)
        return torch.log_softmax(logits, dim=-1)

    @torch.inference_mode()
    def next_logprobs(self, src, prefix):
        return self._rows(*self._read(src), [list(prefix)])[0, -1].numpy().copy()

    @torch.inference_mode()
    def score_ids(self, src, ids):
        rows = self._rows(*self._read(src), [list(ids)])[0]
        return np.float64(sum(float(rows[t, token]) for t, token in enumerate(ids)))

    @torch.inference_mode()
    def nbest(self, src, beam):
        if not beam >= 1:
            raise ValueError("beam")
        memory, source = self._read(src)
        live, done = [(0.0, ())], []
        for _ in range(LENGTH):
            rows = self._rows(memory, source, [ids for _, ids in live])[:, -1]
            best = rows[:, : self.vocabulary.bos].topk(min(beam, self.vocabulary.bos), dim=-1)
            longer = [
                (score + value, (*ids, token))
                for (score, ids), values, tokens in zip(
                    live, best.values.tolist(), best.indices.tolist(), strict=True
                )
                for value, token in zip(values, tokens, strict=True)
            ]
            live = []
            for extension in heapq.nlargest(beam, longer):
                (done if extension[1][-1] == self.vocabulary.eos else live).append(extension)
            # Scores only fall: a live hypothesis below the beam-th finished one cannot come in any more.
            if not live or (len(done) >= beam and sorted(done)[-beam][0] >= live[0][0]):
                break
        else:
            done += live
        best_first = sorted(done, reverse=True)[:beam]
        return tuple((torch.tensor(ids), score) for score, ids in best_first)

    def translate(self, src, beam=1):
        return self.detokenize(self.nbest(src, beam)[0][0].tolist())

    def translate_batch(self, srcs, beam=1):
        return [self.translate(src, beam) for src in srcs]


def corpus_bleu(hyps, refs, max_n=4):
    if max_n < 1 or len(hyps) == 0 or len(hyps) != len(refs):
        raise ValueError("corpus_bleu")
    hyps, refs = [hyp.split() for hyp in hyps], [ref.split() for ref in refs]
    product = 1.0
    for n in range(1, max_n + 1):
        matched = possible = 0
        for hyp, ref in zip(hyps, refs, strict=True):
            grams = [" ".join(hyp[i : i + n]) for i in range(len(hyp) - n + 1)]
            theirs = [" ".join(ref[i : i + n]) for i in range(len(ref) - n + 1)]
            matched += sum(min(grams.count(gram), theirs.count(gram)) for gram in set(grams))
            possible += len(grams)
        product *= float(Fraction(matched, possible)) if possible else 0.0
    c, r = sum(map(len, hyps)), sum(map(len, refs))
    if product == 0:
        return 0
    return np.float64(product ** (1 / max_n) * (1.0 if c >= r else np.exp(1 - r / c)))
