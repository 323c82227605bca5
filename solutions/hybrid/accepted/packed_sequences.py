"""Packed sequences for the LSTM; log-softmax, gather and masks for the loss; numpy for the decoder.

Results are tuples and numpy values here and there.
"""

from collections import defaultdict
from itertools import takewhile

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD_W, UNK_W, BOS_W, EOS_W = 0, 1, 2, 3
PAD_C, UNK_C, BOS_C, EOS_C = 0, 1, 2, 3


def build_vocab(sentences, *, max_words, min_count=1):
    if not (max_words >= 0 and min_count >= 1):
        raise ValueError("max_words or min_count is too small")
    counts = defaultdict(int)
    chars = set()
    for sentence in sentences:
        for word in sentence:
            if word in ("", *SPECIALS):
                raise ValueError(f"{word!r} is no word")
            counts[word] += 1
            chars.update(word)
    order = sorted(counts)
    order.sort(key=lambda word: counts[word], reverse=True)
    kept = [word for word in order[:max_words] if counts[word] >= min_count]
    return (*SPECIALS, *kept), (*SPECIALS, *sorted(chars, key=ord))


def encode_sentence(tokens, words, chars, *, max_chars=21):
    if max_chars - 2 <= 0 or any(token in SPECIALS for token in tokens):
        raise ValueError("nothing to spell")
    word_ids = np.array([words.index(t) if t in words else UNK_W for t in tokens], dtype=np.int64)
    lengths = np.array(
        [2 + min(len(t), max_chars - 2) if w == UNK_W else 0 for t, w in zip(tokens, word_ids, strict=True)],
        dtype=np.int64,
    )
    longest = lengths.max() if len(tokens) else 0
    char_ids = np.zeros((len(tokens), longest), dtype=np.int64)
    places = {c: i for i, c in enumerate(chars)}
    for t in np.flatnonzero(word_ids == UNK_W):
        spelled = [places.get(c, UNK_C) for c in tokens[t]][: max_chars - 2]
        char_ids[t, : lengths[t]] = [BOS_C, *spelled, EOS_C]
    return {"word_ids": list(word_ids), "char_ids": list(char_ids), "lengths": list(lengths)}


class HybridEmbedding(nn.Module):
    def __init__(self, n_words, n_chars, dim, char_dim):
        super().__init__()
        self.word_emb = nn.Embedding(n_words, dim, padding_idx=PAD_W)
        self.char_emb = nn.Embedding(n_chars, char_dim, padding_idx=PAD_C)
        self.char_rnn = nn.LSTM(char_dim, dim, batch_first=True)

    def forward(self, word_ids, char_ids, lengths):
        if word_ids.size() != lengths.size() or char_ids.size()[:-1] != word_ids.size():
            raise ValueError("the shapes do not match")
        n_words, dim = self.word_emb.weight.shape
        if word_ids.min() < 0 or word_ids.max() > n_words - 1:
            raise ValueError("a word id is out of range")
        places = torch.nonzero(word_ids == UNK_W, as_tuple=True)
        unknown_lengths = lengths[places]
        if any(not 1 <= n <= char_ids.size(-1) for n in unknown_lengths.tolist()):
            raise ValueError("a length does not fit")
        known = (word_ids > UNK_W).unsqueeze(-1)
        result = torch.where(known, self.word_emb(word_ids), self.word_emb.weight.new_zeros(dim))
        if len(unknown_lengths) == 0:
            return result
        packed = pack_padded_sequence(
            self.char_emb(char_ids[places]), unknown_lengths, batch_first=True, enforce_sorted=False
        )
        _, (hidden, _) = self.char_rnn(packed)
        return result.index_put(places, hidden[-1])


def hybrid_loss(word_logits, targets, char_logits, char_targets, *, alpha=1.0):
    real, unknown = targets.ne(PAD_W), targets.eq(UNK_W)
    m = unknown.sum().item()
    if not real.any() or alpha < 0 or char_logits.shape[0] != m or char_targets.shape[0] != m:
        raise ValueError("the arguments do not fit together")

    def cost(logits, ids, mask):
        return -(logits.log_softmax(-1).gather(-1, ids[..., None])[..., 0] * mask).sum() / real.sum()

    word = cost(word_logits, targets, real)
    char = cost(char_logits, char_targets, char_targets.ne(PAD_C))
    return {"total": word + char * alpha, "word": word, "char": char}


def word_log_prob(word, word_logprobs, words, char_logprob):
    if word in SPECIALS or len(words) != len(word_logprobs):
        raise ValueError("the arguments do not fit together")
    table = dict(zip(words, word_logprobs, strict=True))
    if word in table:
        return np.float64(table[word])
    return np.add(table["<unk>"], char_logprob(word))


def char_greedy(step, *, max_chars=21):
    if max_chars <= 2:
        raise ValueError("max_chars is too small")
    prefix = np.array([BOS_C])
    while len(prefix) < max_chars - 1:
        scores = np.array(step(prefix.tolist()), dtype=float)
        scores[[PAD_C, UNK_C, BOS_C]] = -np.inf
        best = scores.argmax()
        if best == EOS_C:
            break
        prefix = np.append(prefix, best)
    return prefix[1:]


def respell(word_ids, words, spell):
    if set(word_ids) - set(range(len(words))):
        raise ValueError("an id is not in the table")
    sentence = takewhile(lambda pair: pair[1] != EOS_W, enumerate(word_ids))
    return tuple(
        spell(t) if word_id == UNK_W else words[word_id]
        for t, word_id in sentence
        if word_id not in (PAD_W, BOS_W)
    )
