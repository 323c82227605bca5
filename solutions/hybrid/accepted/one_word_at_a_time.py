"""Loops everywhere: an LSTM call with batch size 1 for each unknown word, a loss summed number by number."""

from functools import cmp_to_key

import torch
from torch import nn

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD_W, UNK_W, BOS_W, EOS_W = 0, 1, 2, 3
PAD_C, UNK_C, BOS_C, EOS_C = 0, 1, 2, 3


def build_vocab(sentences, *, max_words, min_count=1):
    if max_words < 0:
        raise ValueError("max_words is negative")
    if min_count < 1:
        raise ValueError("min_count is below 1")
    everything = [word for sentence in sentences for word in sentence]
    if any(len(word) == 0 or word in SPECIALS for word in everything):
        raise ValueError("a word is empty or special")

    def before(one, other):
        difference = everything.count(other) - everything.count(one)
        return difference or (1 if one > other else -1)

    words = [word for word in dict.fromkeys(everything) if everything.count(word) >= min_count]
    words.sort(key=cmp_to_key(before))
    chars = []
    for word in everything:
        for char in word:
            if char not in chars:
                chars.append(char)
    return SPECIALS + words[:max_words], SPECIALS + sorted(chars)


def encode_sentence(tokens, words, chars, *, max_chars=21):
    if max_chars < 3:
        raise ValueError("max_chars is below 3")
    word_ids, char_ids = [], []
    for token in tokens:
        if token in SPECIALS:
            raise ValueError(f"{token} is special")
        if token in words:
            word_ids.append(words.index(token))
            char_ids.append([])
            continue
        word_ids.append(UNK_W)
        row = [BOS_C]
        for char in token:
            if len(row) == max_chars - 1:
                break
            row.append(chars.index(char) if char in chars else UNK_C)
        char_ids.append([*row, EOS_C])
    lengths = [len(row) for row in char_ids]
    for row in char_ids:
        while len(row) < max(lengths):
            row.append(PAD_C)
    return {"word_ids": word_ids, "char_ids": char_ids, "lengths": lengths}


class HybridEmbedding(nn.Module):
    def __init__(self, n_words, n_chars, dim, char_dim):
        super().__init__()
        self.word_emb = nn.Embedding(n_words, dim)
        self.char_emb = nn.Embedding(n_chars, char_dim)
        self.char_rnn = nn.LSTM(char_dim, dim)

    def forward(self, word_ids, char_ids, lengths):
        if lengths.shape != word_ids.shape or char_ids.shape != (*word_ids.shape, char_ids.shape[-1]):
            raise ValueError("the shapes do not match")
        vectors = []
        for b in range(word_ids.shape[0]):
            for t in range(word_ids.shape[1]):
                vectors.append(self._vector(int(word_ids[b, t]), char_ids[b, t], lengths[b, t]))
        return torch.stack(vectors).reshape(*word_ids.shape, -1)

    def _vector(self, word_id, char_ids, length):
        if not 0 <= word_id < len(self.word_emb.weight):
            raise ValueError("a word id is out of range")
        if word_id == PAD_W:
            return torch.zeros_like(self.word_emb.weight[PAD_W])
        if word_id != UNK_W:
            return self.word_emb.weight[word_id]
        if not 1 <= int(length) <= len(char_ids):
            raise ValueError("a length does not fit")
        characters = self.char_emb(char_ids[: int(length)])
        _, (hidden, _) = self.char_rnn(characters.unsqueeze(1))
        return hidden.flatten()


def hybrid_loss(word_logits, targets, char_logits, char_targets, *, alpha=1.0):
    if alpha < 0:
        raise ValueError("alpha is negative")
    ids = targets.tolist()
    words = [i for i, target in enumerate(ids) if target != PAD_W]
    if not words:
        raise ValueError("there are no words")
    if not len(char_logits) == len(char_targets) == ids.count(UNK_W):
        raise ValueError("the characters do not belong to these words")
    zero = word_logits.new_zeros(())
    word_cost, char_cost = zero, zero
    for i in words:
        word_cost = word_cost + word_logits[i].logsumexp(0) - word_logits[i, ids[i]]
    for logits, row in zip(char_logits, char_targets.tolist(), strict=True):
        for scores, char in zip(logits, row, strict=True):
            if char != PAD_C:
                char_cost = char_cost + scores.logsumexp(0) - scores[char]
    word, char = word_cost / len(words), char_cost / len(words)
    return {"word": word, "char": char, "total": word + alpha * char}


def word_log_prob(word, word_logprobs, words, char_logprob):
    if len(word_logprobs) != len(words):
        raise ValueError("a log-probability is missing, or there is one too many")
    for index, (name, log_prob) in enumerate(zip(words, word_logprobs, strict=True)):
        if name == word and index > EOS_W:
            return log_prob
        if name == word:
            raise ValueError(f"{word} is special")
    return char_logprob(word) + word_logprobs[UNK_W]


def char_greedy(step, *, max_chars=21):
    if max_chars < 3:
        raise ValueError("max_chars is below 3")

    def grow(spelled):
        if len(spelled) == max_chars - 2:
            return spelled
        best = EOS_C
        log_probs = step([BOS_C, *spelled])
        for char in range(EOS_C + 1, len(log_probs)):
            if log_probs[char] > log_probs[best]:
                best = char
        return spelled if best == EOS_C else grow([*spelled, best])

    return grow([])


def respell(word_ids, words, spell):
    if len(word_ids) and (min(word_ids) < 0 or max(word_ids) >= len(words)):
        raise ValueError("an id is not in the table")
    sentence, t = [], 0
    while t < len(word_ids) and word_ids[t] != EOS_W:
        if word_ids[t] == UNK_W:
            sentence += [spell(t)]
        elif word_ids[t] > EOS_W:
            sentence += [words[word_ids[t]]]
        t += 1
    return sentence
