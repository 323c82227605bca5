"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD_W, UNK_W, BOS_W, EOS_W = range(4)  # ids of words
PAD_C, UNK_C, BOS_C, EOS_C = range(4)  # ids of characters


def build_vocab(
    sentences: list[list[str]], *, max_words: int, min_count: int = 1
) -> tuple[list[str], list[str]]:
    if max_words < 0:
        raise ValueError(f"max_words must be at least 0, not {max_words}")
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1, not {min_count}")
    counts = Counter(word for sentence in sentences for word in sentence)
    if "" in counts:
        raise ValueError("the corpus contains an empty word")
    for name in SPECIALS:
        if name in counts:
            raise ValueError(f"the corpus contains {name}, the name of a special entry")
    frequent = [word for word, count in counts.items() if count >= min_count]
    frequent.sort(key=lambda word: (-counts[word], word))
    characters = sorted({character for word in counts for character in word})
    return SPECIALS + frequent[:max_words], SPECIALS + characters


def encode_sentence(
    tokens: list[str], words: list[str], chars: list[str], *, max_chars: int = 21
) -> dict[str, list]:
    if max_chars < 3:
        raise ValueError(f"max_chars must be at least 3, not {max_chars}")
    for token in tokens:
        if token in SPECIALS:
            raise ValueError(f"{token} is the name of a special entry, not a word")
    word_index = {word: i for i, word in enumerate(words)}
    char_index = {character: i for i, character in enumerate(chars)}
    word_ids: list[int] = []
    spellings: list[list[int]] = []
    for token in tokens:
        word_ids.append(word_index.get(token, UNK_W))
        if token in word_index:
            spellings.append([])
        else:
            inner = [char_index.get(character, UNK_C) for character in token[: max_chars - 2]]
            spellings.append([BOS_C, *inner, EOS_C])
    longest = max(map(len, spellings), default=0)
    return {
        "word_ids": word_ids,
        "char_ids": [spelling + [PAD_C] * (longest - len(spelling)) for spelling in spellings],
        "lengths": [len(spelling) for spelling in spellings],
    }


class HybridEmbedding(nn.Module):
    def __init__(self, n_words: int, n_chars: int, dim: int, char_dim: int) -> None:
        super().__init__()
        self.word_emb = nn.Embedding(n_words, dim)
        self.char_emb = nn.Embedding(n_chars, char_dim)
        self.char_rnn = nn.LSTM(char_dim, dim, batch_first=True)

    def forward(self, word_ids: Tensor, char_ids: Tensor, lengths: Tensor) -> Tensor:
        if word_ids.ndim != 2 or lengths.shape != word_ids.shape:
            raise ValueError("word_ids and lengths must both be of shape (B, T)")
        if char_ids.ndim != 3 or char_ids.shape[:2] != word_ids.shape:
            raise ValueError("char_ids must be of shape (B, T, L)")
        if bool(((word_ids < 0) | (word_ids >= self.word_emb.num_embeddings)).any()):
            raise ValueError("word ids must be rows of word_emb")
        unknown = word_ids == UNK_W
        unknown_lengths = lengths[unknown]
        if bool(((unknown_lengths < 1) | (unknown_lengths > char_ids.shape[2])).any()):
            raise ValueError("the length of an unknown word is not between 1 and L")

        # `where`, not a product: it hides whatever the rows PAD_W and UNK_W hold, and gives them no gradient.
        known = (word_ids != PAD_W) & ~unknown
        rows = self.word_emb(word_ids)
        vectors = torch.where(known.unsqueeze(-1), rows, torch.zeros_like(rows))
        if unknown_lengths.numel() > 0:
            vectors[unknown] = self._spell(char_ids[unknown], unknown_lengths)
        return vectors

    def _spell(self, char_ids: Tensor, lengths: Tensor) -> Tensor:
        """Map M spellings (M, L), of which the first `lengths` ids count, to the last states (M, dim)."""
        char_ids = char_ids[:, : int(lengths.max())]
        positions = torch.arange(char_ids.shape[1], device=char_ids.device)
        char_ids = char_ids.masked_fill(positions >= lengths.unsqueeze(1), PAD_C)
        packed = pack_padded_sequence(
            self.char_emb(char_ids), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        _, (hidden, _) = self.char_rnn(packed)
        return hidden[0]


def hybrid_loss(
    word_logits: Tensor,
    targets: Tensor,
    char_logits: Tensor,
    char_targets: Tensor,
    *,
    alpha: float = 1.0,
) -> dict[str, Tensor]:
    n = int((targets != PAD_W).sum())
    m = int((targets == UNK_W).sum())
    if n == 0:
        raise ValueError("all targets are padding")
    if len(char_logits) != m or len(char_targets) != m:
        raise ValueError(f"char_logits and char_targets must have {m} rows, one for each unknown word")
    if alpha < 0:
        raise ValueError(f"alpha must be at least 0, not {alpha}")
    # Padding is left out before the softmax: its logits have no part in the loss, and get no gradient.
    counted = targets != PAD_W
    word = F.cross_entropy(word_logits[counted], targets[counted], reduction="sum") / n
    if m == 0:
        char = char_logits.sum()  # of nothing: 0
    else:
        spelled = char_targets != PAD_C
        char = F.cross_entropy(char_logits[spelled], char_targets[spelled], reduction="sum") / n
    return {"word": word, "char": char, "total": word + alpha * char}


def word_log_prob(
    word: str,
    word_logprobs: Sequence[float],
    words: list[str],
    char_logprob: Callable[[str], float],
) -> float:
    if word in SPECIALS:
        raise ValueError(f"{word} is the name of a special entry, not a word")
    if len(word_logprobs) != len(words):
        raise ValueError(f"{len(word_logprobs)} log-probabilities for {len(words)} words")
    if word in words:
        return float(word_logprobs[words.index(word)])
    return float(word_logprobs[UNK_W]) + float(char_logprob(word))


def char_greedy(step: Callable[[list[int]], Sequence[float]], *, max_chars: int = 21) -> list[int]:
    if max_chars < 3:
        raise ValueError(f"max_chars must be at least 3, not {max_chars}")
    spelling: list[int] = []
    while len(spelling) < max_chars - 2:
        log_probs = step([BOS_C, *spelling])
        # The ids below EOS_C are the forbidden ones; max returns the first of equals.
        best = max(range(EOS_C, len(log_probs)), key=lambda char: float(log_probs[char]))
        if best == EOS_C:
            break
        spelling.append(best)
    return spelling


def respell(word_ids: Sequence[int], words: list[str], spell: Callable[[int], str]) -> list[str]:
    ids = [int(word_id) for word_id in word_ids]
    for word_id in ids:
        if not 0 <= word_id < len(words):
            raise ValueError(f"{word_id} is not the id of a word")
    sentence: list[str] = []
    for t, word_id in enumerate(ids):
        if word_id == EOS_W:
            break
        if word_id == UNK_W:
            sentence.append(spell(t))
        elif word_id not in (PAD_W, BOS_W):
            sentence.append(words[word_id])
    return sentence
