"""A tiny translator, end to end: subwords, a Transformer, beam search, BLEU.

The note's last question breaks off: 「18. sad」. In its place stands a capstone: what the other questions
asked about one by one is put together into something that works.

    text ─> tokenizer ─> ids ─> encoder ─> decoder ─> log-probabilities ─> beam search ─> ids ─> text ─> BLEU

`train_translator` gets nothing but pairs of sentences, learns a vocabulary and a model from them, and returns
a `Translator`. The languages are those of `toy_language.py`, so small that a training takes seconds on one
core.

Throughout, logarithms are natural, and a *prefix* is the list of target ids so far, without the begin token.

Sources: Sennrich, Haddow and Birch 2016, "Neural Machine Translation of Rare Words with Subword Units"
(arXiv:1508.07909); Vaswani et al. 2017, "Attention Is All You Need" (arXiv:1706.03762); Papineni, Roukos,
Ward and Zhu 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation" (ACL).
"""

from __future__ import annotations

### BEGIN SOLUTION
import itertools
import math
import re
from collections import Counter

### END SOLUTION
from collections.abc import Callable, Sequence
from typing import Any

import torch

### BEGIN SOLUTION
import torch.nn.functional as F
from torch import Tensor, nn

### END SOLUTION
# Sizes that are enough for both languages, and two helpers. They are given; change them, or do without.
PAD, BOS, EOS = 0, 1, 2  # padding, begin and end of a sentence
MERGES = 540  # of the byte pair encoding
WIDTH, HEADS, INNER, LAYERS = 64, 4, 128, 1  # of the encoder, and of the decoder
DROPOUT = 0.0  # so small a model does not overfit
LONGEST = 300  # tokens that have a position
BATCH, STEPS, WARMUP, PEAK_RATE = 64, 240, 30, 5e-3  # of the training, with Adam
MOST_NEW = 48  # tokens of a translation


def sinusoids() -> torch.Tensor:
    """A row of length 1 for each position, (LONGEST, WIDTH): sines and cosines as in position_embedding.

    As first values of learned position embeddings they halve the time of the training.
    """
    rates = 10_000 ** (-torch.arange(0, WIDTH, 2) / WIDTH)  # (WIDTH / 2,)
    angles = torch.arange(LONGEST)[:, None] * rates  # (LONGEST, WIDTH / 2)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1) * (2 / WIDTH) ** 0.5


def rate(step: int, steps: int) -> float:
    """Factor of the learning rate in step 0, ..., steps - 1: up to 1 in WARMUP steps, then straight to 0."""
    return min((step + 1) / WARMUP, 1 - step / steps)


### BEGIN SOLUTION

Hypothesis = tuple[list[int], float]  # token ids after BOS, and the sum of their log-probabilities
BYTES = 3  # the id of byte 0: the bytes follow the special tokens, and the merges follow the bytes
CHUNK = re.compile(r" ?[^ ]+| +")  # a word with the space before it; all chunks together are the text


class _Tokenizer:
    """Byte-level byte pair encoding. As every byte has a token, there is no text that it cannot spell."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn the merges: again and again, the most frequent pair of neighbours becomes one token."""
        counts = Counter(chunk for text in texts for chunk in CHUNK.findall(text))
        words = {chunk: _byte_ids(chunk) for chunk in counts}  # each distinct chunk once: this is fast
        self.merges: list[tuple[int, int]] = []
        self.pieces = [b""] * BYTES + [bytes([byte]) for byte in range(256)]  # what each id spells
        while len(self.merges) < MERGES:
            pairs: Counter[tuple[int, int]] = Counter()
            for chunk, ids in words.items():
                for pair in itertools.pairwise(ids):
                    pairs[pair] += counts[chunk]
            if not pairs:
                break  # every chunk is a single token
            best = max(pairs, key=lambda pair: (pairs[pair], pair))
            words = {chunk: _merged(ids, best, len(self.pieces)) for chunk, ids in words.items()}
            self.merges.append(best)
            self.pieces.append(self.pieces[best[0]] + self.pieces[best[1]])
        self.known: dict[str, list[int]] = words

    def encode(self, text: str) -> list[int]:
        """Ids of a text, without special tokens: the merges in the order in which they were learned."""
        return [token for chunk in CHUNK.findall(text) for token in self._encode_chunk(chunk)]

    def _encode_chunk(self, chunk: str) -> list[int]:
        if chunk not in self.known:
            ids = _byte_ids(chunk)
            for number, pair in enumerate(self.merges, start=BYTES + 256):
                ids = _merged(ids, pair, number)
            self.known[chunk] = ids
        return self.known[chunk]

    def decode(self, ids: Sequence[int]) -> str:
        """The inverse. What a model puts together need not be UTF-8."""
        return b"".join(self.pieces[token] for token in ids).decode(errors="replace")


def _byte_ids(chunk: str) -> list[int]:
    return [BYTES + byte for byte in chunk.encode()]


def _merged(ids: list[int], pair: tuple[int, int], new: int) -> list[int]:
    """`ids` with every occurrence of `pair`, from the left and without overlap, replaced by `new`."""
    merged: list[int] = []
    for token in ids:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new
        else:
            merged.append(token)
    return merged


class _Network(nn.Module):
    """A Transformer whose encoder, decoder and output share one table of embeddings.

    B sentences, S source tokens, T target tokens, V tokens in the vocabulary.
    """

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab_size, WIDTH)
        self.positions = nn.Parameter(sinusoids())
        nn.init.normal_(self.tokens.weight, std=WIDTH**-0.5)  # about as long as a position
        sizes = {"dim_feedforward": INNER, "dropout": DROPOUT, "batch_first": True, "norm_first": True}
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(WIDTH, HEADS, **sizes), LAYERS, nn.LayerNorm(WIDTH), False
        )
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(WIDTH, HEADS, **sizes), LAYERS, nn.LayerNorm(WIDTH)
        )

    def embed(self, ids: Tensor) -> Tensor:
        """(B, L) -> (B, L, WIDTH). Without the positions the encoder would see a bag of words."""
        return self.tokens(ids) + self.positions[: ids.shape[1]]

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """(B, S) -> what the decoder looks at, (B, S, WIDTH), and which of it is padding, bool (B, S)."""
        hidden = _padding(source)
        return self.encoder(self.embed(source), src_key_padding_mask=hidden), hidden

    def decode(self, target: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
        """Logits of the token after each position of `target`: (B, T) -> (B, T, V)."""
        states = self.decoder(
            self.embed(target),
            memory,
            tgt_mask=_future(target.shape[1]),
            memory_key_padding_mask=hidden,
        )
        return F.linear(states, self.tokens.weight)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Both in one."""
        return self.decode(target, *self.encode(source))


# nn.Transformer's masks say True where attention is *forbidden*.
def _padding(ids: Tensor) -> Tensor:
    return ids == PAD


def _future(length: int) -> Tensor:
    """[i, j] is True for j > i. This hides the target's padding too: it is always in the future."""
    return torch.ones(length, length, dtype=torch.bool).triu(diagonal=1)


def _padded(sequences: Sequence[list[int]]) -> Tensor:
    """Lists of ids as one tensor (B, L), filled up with PAD on the right."""
    rows = [torch.tensor(sequence) for sequence in sequences]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)


def _loss(network: _Network, source: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy of the target's tokens: the decoder reads each token and predicts the next."""
    logits = network(source, target[:, :-1])  # (B, T - 1, V)
    return F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)


def _fit(
    network: _Network,
    sources: Tensor,
    targets: Tensor,
    steps: int,
    on_step: Callable[[int, float, int], None] | None,
) -> None:
    """Train with Adam; each step draws its pairs anew. Ids of all pairs, (N, S) and (N, T)."""
    optimizer = torch.optim.Adam(network.parameters(), lr=PEAK_RATE, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    for step in range(1, steps + 1):
        batch = torch.randint(len(sources), (BATCH,))
        loss = _loss(network, sources[batch], targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if on_step is not None:
            on_step(step, loss.item(), BATCH)


def _require(**counts: int) -> None:
    """Raise ValueError for a count that is below 1."""
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"{name}: {count}, but it takes at least 1")


### END SOLUTION


def train_translator(
    pairs: list[tuple[str, str]],
    *,
    seed: int = 0,
    max_steps: int = 600,
    on_step: Callable[[int, float, int], None] | None = None,
) -> Translator:
    """Learn a joint vocabulary and a Transformer from pairs of sentences.

    The vocabulary is one byte-level byte pair encoding over both sides, and at least padding, begin and end.
    The model reads the source and predicts each target token, and the end, from those before it.

    Args:
        pairs: (source, target), at least one; there may be fewer of them than go into a step.
        seed: of all randomness. In one process, equal arguments give equal models, and another seed another.
        max_steps: at most so many optimiser steps, with at most 64 pairs each. A training may end earlier.
        on_step: called after each step as `on_step(step, loss, n_pairs)`: step = 1, 2, ..., the loss of the
            step as a finite number (mean cross-entropy in nats per token), and the number of pairs in it.

    Returns:
        The trained translator, in eval mode: nothing about it is random any more.

    Raises:
        ValueError: pairs is empty or max_steps is below 1; on_step has not been called then.
    """
    ### BEGIN SOLUTION
    _require(pairs=len(pairs), max_steps=max_steps)
    torch.manual_seed(seed)
    tokenizer = _Tokenizer([text for pair in pairs for text in pair])
    sources = _padded([[*tokenizer.encode(source), EOS] for source, _ in pairs])
    targets = _padded([[BOS, *tokenizer.encode(target), EOS] for _, target in pairs])
    network = _Network(len(tokenizer.pieces))
    _fit(network, sources, targets, min(max_steps, STEPS), on_step)
    return Translator(tokenizer, network.train(mode=False))  # without dropout, if there is any
    ### END SOLUTION


### BEGIN SOLUTION
# Everything below asks a trained network, and needs no gradients.


@torch.no_grad()
def _log_probs(network: _Network, source: list[int], ids: list[int]) -> Tensor:
    """Row t: log-probabilities of the token after ids[:t], for t = 0, ..., len(ids); (len(ids) + 1, V)."""
    logits = network(_padded([[*source, EOS]]), torch.tensor([[BOS, *ids]]))
    return logits[0].log_softmax(dim=-1)


@torch.no_grad()
def _beam_search(network: _Network, sources: Sequence[list[int]], beam: int) -> list[list[Hypothesis]]:
    """The best hypotheses of each source, best first; all sources, and all their hypotheses, in one batch.

    A finished hypothesis stays in the beam and competes with the others: PAD follows it, and costs nothing.
    """
    memory, hidden = network.encode(_padded([[*source, EOS] for source in sources]))
    ids = torch.full((len(sources), 1, 1), BOS)  # (B, K, T); K is 1 at first, then `beam`
    scores = torch.zeros(len(sources), 1)  # (B, K)
    for _ in range(MOST_NEW):
        k = ids.shape[1]
        repeated = memory.repeat_interleave(k, dim=0), hidden.repeat_interleave(k, dim=0)
        logits = network.decode(ids.flatten(0, 1), *repeated)[:, -1]  # (B * K, V)
        steps = logits.log_softmax(dim=-1).unflatten(0, (-1, k))  # (B, K, V)
        steps[:, :, [PAD, BOS]] = -torch.inf
        steps[_finished(ids)] = -torch.inf
        steps[..., PAD][_finished(ids)] = 0.0
        scores, chosen = (scores[:, :, None] + steps).flatten(1).topk(beam)  # (B, beam) of K * V
        parents = (chosen // steps.shape[2])[:, :, None].expand(-1, -1, ids.shape[2])
        ids = torch.cat([ids.gather(1, parents), (chosen % steps.shape[2])[:, :, None]], dim=2)
        if _finished(ids).all():
            break
    return [
        [([token for token in row if token >= EOS], score) for row, score in zip(*found, strict=True)]
        for found in zip(ids.tolist(), scores.tolist(), strict=True)
    ]


def _finished(ids: Tensor) -> Tensor:
    """Which hypotheses have come to their end: (B, K, T) -> bool (B, K)."""
    return (ids[:, :, -1] == EOS) | (ids[:, :, -1] == PAD)


### END SOLUTION


class Translator:
    """A vocabulary and a trained model, made by `train_translator`."""

    def __init__(self, tokenizer: Any, network: Any) -> None:
        """Keep what a training has made. Nobody but `train_translator` calls this: take what you need."""
        ### BEGIN SOLUTION
        self._tokenizer: _Tokenizer = tokenizer
        self._network: _Network = network
        ### END SOLUTION

    def tokenize(self, text: str) -> list[int]:
        """Ids of any text, without special tokens. `detokenize` gives the text back, byte by byte.

        Common words are few tokens: a source word of the training's language takes at most 2.5 on average.
        The merges serve any text: source words run together ("dulakapen") take 0.75 tokens a letter at most.
        """
        ### BEGIN SOLUTION
        return self._tokenizer.encode(text)
        ### END SOLUTION

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text that ids spell. Special ids, wherever they stand, are dropped.

        Every sequence of ids gives a string: bytes that are no valid UTF-8 become U+FFFD.
        """
        ### BEGIN SOLUTION
        return self._tokenizer.decode(ids)
        ### END SOLUTION

    def vocab_size(self) -> int:
        """Number V of tokens, special ones included; ids are 0, ..., V - 1."""
        ### BEGIN SOLUTION
        return len(self._tokenizer.pieces)
        ### END SOLUTION

    def eos_id(self) -> int:
        """Id of the token that ends every translation."""
        ### BEGIN SOLUTION
        return EOS
        ### END SOLUTION

    def next_logprobs(self, src: str, prefix: list[int]) -> list[float]:
        """Log-probabilities of all V tokens to come after `prefix` in a translation of `src`; exp sums to 1.

        Args:
            src: source sentence.
            prefix: target ids so far, without the begin token; may be empty, need not be sensible.
        """
        ### BEGIN SOLUTION
        return _log_probs(self._network, self.tokenize(src), prefix)[-1].tolist()
        ### END SOLUTION

    def score_ids(self, src: str, ids: list[int]) -> float:
        """Log-probability of a whole translation: the sum over t of next_logprobs(src, ids[:t])[ids[t]].

        One pass of the decoder gives all of them (teacher forcing), if no position sees those after it.

        Args:
            src: source sentence.
            ids: target ids without the begin token, the end token last; its log-probability counts too.
        """
        ### BEGIN SOLUTION
        rows = _log_probs(self._network, self.tokenize(src), ids)[:-1]  # (T, V)
        return rows.gather(1, torch.tensor(ids)[:, None]).sum().item()
        ### END SOLUTION

    def nbest(self, src: str, beam: int) -> list[tuple[list[int], float]]:
        """Beam search for the translations of the highest log-probability, not normalised by length.

        A hypothesis that has got its end token is finished and never extended; after 48 tokens the search
        ends. With beam 1 this is greedy search: each token is the most probable one. A larger beam mostly
        finds something at least as good, but that is not guaranteed.

        Args:
            src: source sentence of up to 256 tokens; any text, also an empty one.
            beam: number of hypotheses kept in each step, up to 64.

        Returns:
            Up to `beam` different hypotheses, at least two for a beam above 1, as pairs (ids, score), by
            falling score. ids is without the begin token; it ends in the end token, or is 48 tokens long
            without one. score is what `score_ids` gives for ids.

        Raises:
            ValueError: beam is below 1.
        """
        ### BEGIN SOLUTION
        return self._nbest([src], beam)[0]
        ### END SOLUTION

    def translate(self, src: str, beam: int = 1) -> str:
        """The text of the best hypothesis of `nbest(src, beam)`. ValueError for a beam below 1."""
        ### BEGIN SOLUTION
        return self.translate_batch([src], beam)[0]
        ### END SOLUTION

    def translate_batch(self, srcs: list[str], beam: int = 1) -> list[str]:
        """`translate` of each source, at least one, in order. ValueError for a beam below 1.

        Sources of different lengths are padded to one; no translation may depend on the other sources.
        """
        ### BEGIN SOLUTION
        return [self.detokenize(hypotheses[0][0]) for hypotheses in self._nbest(srcs, beam)]
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _nbest(self, srcs: Sequence[str], beam: int) -> list[list[Hypothesis]]:
        _require(beam=beam)
        return _beam_search(self._network, [self.tokenize(src) for src in srcs], beam)

    ### END SOLUTION


def corpus_bleu(hyps: list[str], refs: list[str], max_n: int = 4) -> float:
    """BLEU of a whole corpus with one reference for each hypothesis (Papineni et al. 2002, section 2).

    Words are what white space separates (`str.split`). p_n is the number of n-grams of the hypotheses that
    are matched, divided by the number of their n-grams, both summed over the corpus *before* dividing. An
    n-gram of a hypothesis is matched at most as often as it occurs in its reference: counts are clipped. Then

        BLEU = BP * exp((log p_1 + ... + log p_N) / N),   N = max_n
        BP = 1 if c >= r else exp(1 - r / c)

    with c and r the numbers of words of all hypotheses and of all references. The brevity penalty BP stands
    in for recall: precision alone is best for a single safe word.

    Args:
        hyps: translations, at least one.
        refs: references, as many.
        max_n: length N of the longest n-grams.

    Returns:
        A number from 0 to 1. It is 0 when some p_n is 0 or has nothing to divide by, so also when c = 0.

    Raises:
        ValueError: hyps and refs differ in number or are empty, or max_n is below 1.
    """
    ### BEGIN SOLUTION
    _require(hyps=len(hyps), max_n=max_n)
    pairs = [(hyp.split(), ref.split()) for hyp, ref in zip(hyps, refs, strict=True)]  # or ValueError
    log_precisions = 0.0
    for n in range(1, max_n + 1):
        found = total = 0
        for hyp, ref in pairs:
            ours = _ngrams(hyp, n)
            found += (ours & _ngrams(ref, n)).total()  # `&` takes the smaller count of each n-gram: clipping
            total += ours.total()
        if found == 0:
            return 0.0
        log_precisions += math.log(found / total)
    c, r = sum(len(hyp) for hyp, _ in pairs), sum(len(ref) for _, ref in pairs)
    return math.exp(log_precisions / max_n + min(0.0, 1 - r / c))
    ### END SOLUTION


### BEGIN SOLUTION
def _ngrams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


### END SOLUTION
