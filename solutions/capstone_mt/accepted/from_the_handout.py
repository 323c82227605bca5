"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

PAD, BOS, EOS = 0, 1, 2
MERGES = 540
WIDTH, HEADS, INNER, LAYERS = 64, 4, 128, 1
DROPOUT = 0.0
LONGEST = 300
BATCH, STEPS, WARMUP, PEAK_RATE = 64, 400, 30, 5e-3
MOST_NEW = 48
SPECIAL = 3
ROWS = 256


def sinusoids() -> torch.Tensor:
    rates = 10_000 ** (-torch.arange(0, WIDTH, 2) / WIDTH)
    angles = torch.arange(LONGEST)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1) * (2 / WIDTH) ** 0.5


def rate(step: int, steps: int) -> float:
    return min((step + 1) / WARMUP, 1 - step / steps)


def _keep_surrogates(error: UnicodeError) -> tuple[str, int]:
    """Decoding errors: a lone surrogate (Python strings may have them) is kept, other bytes become U+FFFD."""
    assert isinstance(error, UnicodeDecodeError)
    try:
        return error.object[error.start : error.start + 3].decode("utf-8", "surrogatepass"), error.start + 3
    except UnicodeDecodeError:
        return "\ufffd", error.end


codecs.register_error("capstone_mt.keep_surrogates", _keep_surrogates)


def _merge(ids: list[int], pair: tuple[int, int], new: int) -> list[int]:
    """ids with every occurrence of pair, from left to right, replaced by new."""
    merged: list[int] = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


class Tokenizer:
    """Byte-level byte pair encoding of words, each with the blank before it; merges stay within a word.

    Args:
        texts: what the merges are learned from.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.pieces = [b""] * SPECIAL + [bytes([byte]) for byte in range(256)]  # what each id spells
        self.merges: dict[tuple[int, int], int] = {}  # in the order of learning, so smaller ids come first
        self._known: dict[str, list[int]] = {}  # the ids of the words of the training
        counts = Counter(word for text in texts for word in self._words(text))
        words = [(self._bytes(word), count) for word, count in counts.items()]
        while len(self.merges) < MERGES:
            pairs: Counter[tuple[int, int]] = Counter()
            for ids, count in words:
                for pair in pairwise(ids):
                    pairs[pair] += count
            if not pairs:
                break
            best = max(pairs, key=lambda pair: (pairs[pair], pair))
            new = self.merges[best] = len(self.pieces)
            self.pieces.append(self.pieces[best[0]] + self.pieces[best[1]])
            words = [(_merge(ids, best, new), count) for ids, count in words]
        self._known = {word: self._encode(word) for word in counts}

    def encode(self, text: str) -> list[int]:
        """Ids of text, without special tokens."""
        return [token for word in self._words(text) for token in self._known.get(word) or self._encode(word)]

    def decode(self, ids: Iterable[int]) -> str:
        """The text that ids spell; special ids spell nothing."""
        return b"".join(self.pieces[token] for token in ids).decode("utf-8", "capstone_mt.keep_surrogates")

    @staticmethod
    def _words(text: str) -> list[str]:
        return re.findall(r" ?\S+|\s", text)

    @staticmethod
    def _bytes(word: str) -> list[int]:
        return [SPECIAL + byte for byte in word.encode("utf-8", "surrogatepass")]

    def _encode(self, word: str) -> list[int]:
        ids = self._bytes(word)
        while known := [(self.merges[pair], pair) for pair in pairwise(ids) if pair in self.merges]:
            new, pair = min(known)  # the merge that was learned first
            ids = _merge(ids, pair, new)
        return ids


class Attention(nn.Module):
    """Attention of several heads."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.key_value = nn.Linear(WIDTH, 2 * WIDTH)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """x (n, q, WIDTH) looks at memory (n, k, WIDTH) where mask, that fits (n, HEADS, q, k), is True."""
        projected = (self.query(x), *self.key_value(memory).chunk(2, dim=-1))
        query, key, value = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in projected)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out(seen.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A layer of the encoder or, with cross-attention, of the decoder; normalised before each part."""

    def __init__(self, cross: bool) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3 if cross else 2))
        self.self_attention = Attention()
        self.cross_attention = Attention() if cross else None
        self.inner = nn.Sequential(nn.Linear(WIDTH, INNER), nn.ReLU(), nn.Linear(INNER, WIDTH))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(
        self, x: Tensor, mask: Tensor, memory: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> Tensor:
        """x (n, t, WIDTH) to the same shape."""
        normed = self.norms[0](x)
        x = x + self.dropout(self.self_attention(normed, normed, mask))
        if self.cross_attention is not None:
            x = x + self.dropout(self.cross_attention(self.norms[1](x), memory, memory_mask))
        return x + self.dropout(self.inner(self.norms[-1](x)))


class Network(nn.Module):
    """Encoder and decoder; both sides and the output share one embedding."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, WIDTH)
        nn.init.normal_(self.embedding.weight, std=WIDTH**-0.5)
        self.positions = nn.ParameterList([sinusoids(), sinusoids()])  # of the source, of the target
        self.encoder = nn.ModuleList(Layer(cross=False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Layer(cross=True) for _ in range(LAYERS))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))

    def _embed(self, ids: Tensor, side: int) -> Tensor:
        places = torch.arange(ids.shape[1]).clamp(max=LONGEST - 1)  # what is too long shares the last one
        return self.embedding(ids) + self.positions[side][places]

    def encode(self, sources: Tensor, mask: Tensor) -> Tensor:
        """Sources (n, s), with a mask (n, 1, 1, s) that is False at padding, to a memory (n, s, WIDTH)."""
        x = self._embed(sources, 0)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.norms[0](x)

    def decode(self, prefixes: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """States (n, t, WIDTH) after each token of prefixes (n, t), begin token first.

        Padding on the right needs no mask: no position sees those after it.
        """
        x = self._embed(prefixes, 1)
        t = prefixes.shape[1]
        causal = torch.ones(t, t, dtype=torch.bool).tril()
        for layer in self.decoder:
            x = layer(x, causal, memory, mask)
        return self.norms[1](x)

    def logits(self, states: Tensor) -> Tensor:
        """States (..., WIDTH) to unnormalised log-probabilities (..., V) of the next token."""
        return functional.linear(states, self.embedding.weight)


def _pad(rows: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    """Rows padded on the right, (n, t), and a mask for attention to them, (n, 1, 1, t)."""
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[PAD] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([len(row) for row in rows])
    return ids, (torch.arange(longest) < lengths[:, None])[:, None, None]


def _batches(n: int, seed: int) -> Iterator[list[int]]:
    """Endless batches of at most BATCH of the numbers 0, ..., n - 1, in a new order in each epoch."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        order = torch.randperm(n, generator=generator).tolist()
        for start in range(0, n, BATCH):
            yield order[start : start + BATCH]


def train_translator(
    pairs: list[tuple[str, str]],
    *,
    seed: int = 0,
    max_steps: int = 600,
    on_step: Callable[[int, float, int], None] | None = None,
) -> Translator:
    if len(pairs) == 0:
        raise ValueError("no pairs")
    if max_steps < 1:
        raise ValueError(f"max_steps is {max_steps}, must be at least 1")
    tokenizer = Tokenizer(text for pair in pairs for text in pair)
    sources = [[*tokenizer.encode(source), EOS] for source, _ in pairs]
    targets = [[BOS, *tokenizer.encode(target), EOS] for _, target in pairs]
    with torch.random.fork_rng(devices=[]):  # leave the global generator as it was
        torch.manual_seed(seed)
        network = Network(len(tokenizer.pieces))
    network.train()
    steps = min(max_steps, STEPS)
    adam = torch.optim.Adam(network.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: rate(step, steps))
    for step, batch in zip(range(1, steps + 1), _batches(len(pairs), seed), strict=False):
        source, mask = _pad([sources[i] for i in batch])
        target, _ = _pad([targets[i] for i in batch])
        states = network.decode(target[:, :-1], network.encode(source, mask), mask)
        logits = network.logits(states).flatten(0, 1)
        loss = functional.cross_entropy(logits, target[:, 1:].flatten(), ignore_index=PAD)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
        schedule.step()
        if on_step is not None:
            on_step(step, loss.item(), len(batch))
    return Translator(tokenizer, network)


class Translator:
    def __init__(self, tokenizer: Tokenizer, network: Network) -> None:
        self._tokenizer = tokenizer
        # In double precision, rounding does not tell a batch from a single sentence, or a pass from steps.
        self._network = network.double().eval().requires_grad_(False)

    def tokenize(self, text: str) -> list[int]:
        return self._tokenizer.encode(text)

    def detokenize(self, ids: Sequence[int]) -> str:
        return self._tokenizer.decode(int(token) for token in ids)

    def vocab_size(self) -> int:
        return len(self._tokenizer.pieces)

    def eos_id(self) -> int:
        return EOS

    def next_logprobs(self, src: str, prefix: list[int]) -> list[float]:
        return self._logprobs(src, prefix)[-1].tolist()

    def score_ids(self, src: str, ids: list[int]) -> float:
        targets = torch.tensor([int(token) for token in ids], dtype=torch.long)
        logprobs = self._logprobs(src, ids[:-1])[: len(targets)]
        return logprobs.gather(1, targets[:, None]).sum().item()

    def nbest(self, src: str, beam: int) -> list[tuple[list[int], float]]:
        return self._search([src], beam)[0]

    def translate(self, src: str, beam: int = 1) -> str:
        return self.translate_batch([src], beam)[0]

    def translate_batch(self, srcs: list[str], beam: int = 1) -> list[str]:
        if beam < 1:
            raise ValueError(f"beam is {beam}, must be at least 1")
        size = max(1, ROWS // beam)
        chunks = (srcs[start : start + size] for start in range(0, len(srcs), size))
        return [self.detokenize(found[0][0]) for chunk in chunks for found in self._search(chunk, beam)]

    @torch.no_grad()
    def _encode(self, srcs: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Memory and mask of sources. The end token makes sure that none of them is empty."""
        sources, mask = _pad([[*self.tokenize(src), EOS] for src in srcs])
        return self._network.encode(sources, mask), mask

    @torch.no_grad()
    def _logprobs(self, src: str, prefix: Sequence[int]) -> Tensor:
        """Log-probabilities after 0, 1, ... tokens of prefix, (len(prefix) + 1, V)."""
        memory, mask = self._encode([src])
        states = self._network.decode(torch.tensor([[BOS, *map(int, prefix)]]), memory, mask)
        return self._network.logits(states[0]).log_softmax(dim=-1)

    @torch.no_grad()
    def _search(self, srcs: Sequence[str], beam: int) -> list[list[tuple[list[int], float]]]:
        """`nbest` of each source, all in one batch.

        In each step the best `beam` of the finished hypotheses and of all extensions of the others are kept.
        A finished one is filled up with end tokens at no cost. As scores only fall, the search is over when
        all that are kept are finished: no other could come among them.
        """
        if beam < 1:
            raise ValueError(f"beam is {beam}, must be at least 1")
        memory, mask = self._encode(srcs)
        n, v = len(srcs), self.vocab_size()
        ids = torch.full((n, 1, 1), BOS)  # (sources, hypotheses, tokens)
        scores = torch.zeros(n, 1, dtype=memory.dtype)
        for _ in range(MOST_NEW):
            finished = ids[:, :, -1] == EOS
            if finished.all():
                break
            totals = torch.full((*scores.shape, v), -math.inf, dtype=scores.dtype)
            totals[:, :, EOS] = scores  # right for finished ones; the others are overwritten
            source, hypothesis = (~finished).nonzero(as_tuple=True)
            states = self._network.decode(ids[source, hypothesis], memory[source], mask[source])[:, -1]
            logprobs = self._network.logits(states).log_softmax(dim=-1)
            totals[source, hypothesis] = scores[source, hypothesis, None] + logprobs
            scores, best = totals.flatten(1).topk(min(beam, totals[0].numel()), dim=1)  # sorted
            ids = torch.cat([ids[torch.arange(n)[:, None], best // v], (best % v)[:, :, None]], dim=2)
        return [
            [(self._cut(tokens), score) for tokens, score in zip(*found, strict=True)]
            for found in zip(ids[:, :, 1:].tolist(), scores.tolist(), strict=True)
        ]

    @staticmethod
    def _cut(tokens: list[int]) -> list[int]:
        """Tokens up to the first end token."""
        return tokens[: tokens.index(EOS) + 1] if EOS in tokens else tokens


def corpus_bleu(hyps: list[str], refs: list[str], max_n: int = 4) -> float:
    if len(hyps) != len(refs) or len(hyps) == 0:
        raise ValueError(f"{len(hyps)} hypotheses and {len(refs)} references: must be as many, and some")
    if max_n < 1:
        raise ValueError(f"max_n is {max_n}, must be at least 1")
    word_pairs = [(hyp.split(), ref.split()) for hyp, ref in zip(hyps, refs, strict=True)]
    log_precisions = 0.0
    for n in range(1, max_n + 1):
        matched = total = 0
        for hyp, ref in word_pairs:
            counts = _ngrams(hyp, n)
            matched += (counts & _ngrams(ref, n)).total()  # & takes the smaller count: clipping
            total += counts.total()
        if matched == 0:  # also when there is nothing to divide by
            return 0.0
        log_precisions += math.log(matched / total)
    c = sum(len(hyp) for hyp, _ in word_pairs)
    r = sum(len(ref) for _, ref in word_pairs)
    brevity = 1.0 if c >= r else math.exp(1 - r / c)
    return brevity * math.exp(log_precisions / max_n)


def _ngrams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    """How often each n-gram occurs in words."""
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
