"""Independent answers for `hybrid`: stable sorts, spellings filled in id by id, an LSTM cell word by word,
sums over single numbers, and small character models that record how they are asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain, product
from math import exp, fsum, log

import numpy as np
import torch
from torch import Tensor

from grader.judge.testing import as_array

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD, UNK, BOS, EOS = range(4)  # of words and of characters
State = dict[str, Tensor]
Prefix = tuple[int, ...]


# ---- vocabulary and encoding ----


def kept_words(sentences: list[list[str]], max_words: int, min_count: int = 1) -> list[str]:
    """The entries of `words`: two stable sorts, first by name, then by count."""
    counts = Counter(chain.from_iterable(sentences))
    by_name = sorted(word for word, count in counts.items() if count >= min_count)
    return SPECIALS + sorted(by_name, key=counts.__getitem__, reverse=True)[:max_words]


def all_chars(sentences: list[list[str]]) -> list[str]:
    """The entries of `chars`."""
    return SPECIALS + sorted({char for sentence in sentences for word in sentence for char in word})


def encoded(tokens: list[str], words: list[str], chars: list[str], max_chars: int) -> dict[str, np.ndarray]:
    """The three entries as arrays, filled in one number at a time."""
    lengths = [0 if token in words else min(len(token), max_chars - 2) + 2 for token in tokens]
    table = np.full((len(tokens), max(lengths, default=0)), PAD)
    for row, token, length in zip(table, tokens, lengths, strict=True):
        if length:
            row[0], row[length - 1] = BOS, EOS
            for i in range(1, length - 1):
                row[i] = chars.index(token[i - 1]) if token[i - 1] in chars else UNK
    ids = [words.index(token) if token in words else UNK for token in tokens]
    return {"word_ids": np.array(ids), "char_ids": table, "lengths": np.array(lengths)}


# ---- the embedding ----


def random_state(rng: np.random.Generator, n_words: int, n_chars: int, dim: int, char_dim: int) -> State:
    """A state dict under the names of the handout; no row of a table is zero, PAD's and UNK's neither."""
    shapes = {
        "word_emb.weight": (n_words, dim),
        "char_emb.weight": (n_chars, char_dim),
        "char_rnn.weight_ih_l0": (4 * dim, char_dim),
        "char_rnn.weight_hh_l0": (4 * dim, dim),
        "char_rnn.bias_ih_l0": (4 * dim,),
        "char_rnn.bias_hh_l0": (4 * dim,),
    }
    return {name: torch.from_numpy(rng.normal(size=shape)) for name, shape in shapes.items()}


def embed(state: State, word_ids: Tensor, char_ids: Tensor, lengths: Tensor) -> Tensor:
    """One position after another, and an unknown word one character after another, with torch's LSTM cell."""
    nothing = torch.zeros(1, state["word_emb.weight"].shape[1], dtype=torch.float64)
    cell = [state[f"char_rnn.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]

    def vector(word: int, chars: list[int], length: int) -> Tensor:
        if word == PAD:
            return nothing
        if word != UNK:
            return state["word_emb.weight"][word : word + 1]
        hidden = memory = nothing
        for char in chars[:length]:
            hidden, memory = torch.lstm_cell(
                state["char_emb.weight"][char : char + 1], (hidden, memory), *cell
            )
        return hidden

    flat = zip(
        word_ids.flatten().tolist(), char_ids.flatten(0, 1).tolist(), lengths.flatten().tolist(), strict=True
    )
    return torch.cat([vector(*one) for one in flat]).unflatten(0, word_ids.shape)


# ---- the loss ----


def _costs(logits: Tensor) -> list[float]:
    """-log softmax of one row."""
    row = logits.tolist()
    return [log(fsum(exp(other - value) for other in row)) for value in row]


def joint_costs(
    word_logits: Tensor, targets: Tensor, char_logits: Tensor, char_targets: Tensor
) -> list[tuple[float, float]]:
    """For every target that is no padding: the cost of the word, and of its characters if it is unknown."""
    spellings = iter(zip(char_logits, char_targets, strict=True))
    pairs = []
    for logits, target in zip(word_logits, targets.tolist(), strict=True):
        characters = zip(*next(spellings), strict=True) if target == UNK else ()
        spelled = fsum(_costs(row)[int(char)] for row, char in characters if int(char) != PAD)
        if target != PAD:
            pairs.append((_costs(logits)[target], spelled))
    return pairs


def softmax_gradient(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """The gradient of sum(weights * -log p(target)): each row is its weight times softmax minus one-hot."""
    hot = torch.arange(logits.shape[-1]) == targets[..., None]
    return weights[..., None] * (logits.detach().softmax(dim=-1) - hot.to(logits.dtype))


# ---- character models ----


class Spelling:
    """A distribution over strings: all those over an alphabet up to a length, but for the known words."""

    def __init__(self, rng: np.random.Generator, alphabet: str, longest: int, known: set[str]) -> None:
        self.universe = ["".join(s) for n in range(1, longest + 1) for s in product(alphabet, repeat=n)]
        unknown = [word for word in self.universe if word not in known]
        weights = rng.uniform(0.5, 2.0, size=len(unknown))
        self.log_probs = dict(zip(unknown, np.log(weights / weights.sum()).tolist(), strict=True))
        self.asked: list[str] = []

    def __call__(self, word: str) -> float:
        assert word in self.log_probs, "char_logprob was called with something else than an unknown word"
        self.asked.append(word)
        return self.log_probs[word]


class NextChar:
    """log P(next character | prefix) from a function of the prefix; `prefixes` logs the calls.

    After `PATIENCE` characters only EOS is possible, so that a decoder without a limit comes to an end too.
    """

    PATIENCE = 40

    def __init__(self, compute: Callable[[Prefix], list[float]]) -> None:
        self.compute = compute
        self.prefixes: list[list[int]] = []

    def row(self, prefix: Prefix) -> list[float]:
        row = self.compute(prefix)
        if len(prefix) <= self.PATIENCE:
            return row
        return [-np.inf] * EOS + [0.0] + [-np.inf] * (len(row) - EOS - 1)

    def step(self, prefix: list[int]) -> list[float]:
        asked = as_array(prefix, "the prefix")
        assert asked.ndim == 1, f"step was called with a prefix of shape {asked.shape}, not a list of ids"
        self.prefixes.append(asked.tolist())
        return self.row(tuple(self.prefixes[-1]))

    def best_spelling(self, max_chars: int) -> tuple[list[int], list[list[int]]]:
        """What a greedy decoder writes, and the prefixes that it asks about."""
        prefix: list[int] = [BOS]
        asked: list[list[int]] = []
        while len(prefix) < max_chars - 1 and prefix[-1] != EOS:
            asked.append(list(prefix))
            allowed = np.array(self.row(tuple(prefix)))[EOS:]
            prefix.append(EOS + int(np.flatnonzero(allowed == allowed.max())[0]))
        return [char for char in prefix[1:] if char != EOS], asked


def random_model(rng: np.random.Generator, size: int, eos_at: int) -> NextChar:
    """Random log-probabilities; EOS is the best after `eos_at` characters and impossible before.

    The three forbidden characters are more probable than any other, in an order that changes with every step.
    """
    seed = int(rng.integers(2**32))

    def compute(prefix: Prefix) -> list[float]:
        draw = np.random.default_rng((seed, len(prefix), *(abs(int(char)) for char in prefix)))
        logits = draw.normal(size=size)
        logits[EOS] = 9.0 if len(prefix) > eos_at else -np.inf
        logits[:EOS] = 10.0 + np.roll(np.arange(3), len(prefix))
        return (logits - np.logaddexp.reduce(logits)).tolist()

    return NextChar(compute)
