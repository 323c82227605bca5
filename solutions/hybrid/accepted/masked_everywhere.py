"""The LSTM runs over all positions, on inputs that were made harmless before; `torch.where` chooses.

Slower than it need be, but right: nothing of the other positions' characters is used. The loss slices the
padding away, the decoder sorts, `respell` is a generator.
"""

import torch
from torch import nn
from torch.nn.functional import nll_loss

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD_W, UNK_W, BOS_W, EOS_W = 0, 1, 2, 3
PAD_C, UNK_C, BOS_C, EOS_C = 0, 1, 2, 3


def build_vocab(sentences, *, max_words, min_count=1):
    text = [word for sentence in sentences for word in sentence]
    if max_words < 0 or min_count < 1 or {"", *SPECIALS}.intersection(text):
        raise ValueError("the arguments make no sense")
    ranked = sorted({(-text.count(word), word) for word in text})
    kept = [word for count, word in ranked[:max_words] if -count >= min_count]
    return [SPECIALS + kept, SPECIALS + sorted(set().union(*text))]


def encode_sentence(tokens, words, chars, *, max_chars=21):
    if max_chars < 3 or set(SPECIALS) & set(tokens):
        raise ValueError("the arguments make no sense")
    ids = torch.tensor(
        [words.index(token) if token in words else UNK_W for token in tokens], dtype=torch.int64
    )
    rows = [
        torch.tensor([BOS_C, *(chars.index(c) if c in chars else UNK_C for c in token), EOS_C])
        if token not in words
        else torch.zeros(0, dtype=torch.int64)
        for token in tokens
    ]
    rows = [torch.cat([row[: max_chars - 1], row[-1:]]) if len(row) > max_chars else row for row in rows]
    padded = nn.utils.rnn.pad_sequence(rows, batch_first=True) if rows else torch.zeros(0)
    return {"word_ids": ids.tolist(), "char_ids": padded.tolist(), "lengths": [len(row) for row in rows]}


class HybridEmbedding(nn.Module):
    def __init__(self, n_words, n_chars, dim, char_dim):
        super().__init__()
        self.n_words = n_words
        self.word_emb = nn.Embedding(n_words, dim)
        self.char_emb = nn.Embedding(n_chars, char_dim)
        self.char_rnn = nn.LSTM(char_dim, dim, num_layers=1, batch_first=True)

    def forward(self, word_ids, char_ids, lengths):
        unknown = word_ids == UNK_W
        if char_ids.dim() != 3 or char_ids.shape[:2] != word_ids.shape or lengths.shape != word_ids.shape:
            raise ValueError("the shapes do not match")
        if bool(((word_ids < 0) | (word_ids >= self.n_words)).any()):
            raise ValueError("a word id is out of range")
        longest = char_ids.shape[2]
        if bool((unknown & ((lengths <= 0) | (lengths > longest))).any()):
            raise ValueError("a length does not fit")
        looked_up = torch.where((word_ids > UNK_W)[..., None], self.word_emb(word_ids), 0.0)
        if longest == 0:
            return looked_up
        harmless = char_ids.masked_fill(~unknown[..., None], PAD_C).flatten(0, 1)
        last = (lengths.masked_fill(~unknown, 1) - 1).flatten()
        states, _ = self.char_rnn(self.char_emb(harmless))
        at_last = torch.arange(longest) == last[:, None]
        read = (states * at_last[..., None]).sum(dim=1).unflatten(0, word_ids.shape)
        return torch.where(unknown[..., None], read, looked_up)


def hybrid_loss(word_logits, targets, char_logits, char_targets, *, alpha=1.0):
    keep, keep_chars = targets != PAD_W, char_targets != PAD_C
    n = keep.sum()
    if alpha < 0 or n == 0 or {len(char_logits), len(char_targets)} != {int((targets == UNK_W).sum())}:
        raise ValueError("the arguments make no sense")
    word = nll_loss(word_logits[keep].log_softmax(1), targets[keep])
    chars = char_logits[keep_chars].softmax(1)
    picked = chars[torch.arange(len(chars)), char_targets[keep_chars]]
    char = -picked.log().sum() / n
    return {"word": word, "char": char, "total": torch.stack([word, alpha * char]).sum()}


def word_log_prob(word, word_logprobs, words, char_logprob):
    if word in SPECIALS or len(words) != len(word_logprobs):
        raise ValueError("the arguments make no sense")
    try:
        index = words.index(word)
    except ValueError:
        return torch.tensor([word_logprobs[UNK_W], char_logprob(word)], dtype=torch.float64).sum()
    return word_logprobs[index]


def char_greedy(step, *, max_chars=21):
    if max_chars < 3:
        raise ValueError("the arguments make no sense")
    prefix = [BOS_C]
    for _ in range(max_chars - 2):
        ranked = sorted((-score, char) for char, score in enumerate(step(prefix)) if char >= EOS_C)
        if ranked[0][1] == EOS_C:
            return prefix[1:]
        prefix.append(ranked[0][1])
    return prefix[1:]


def respell(word_ids, words, spell):
    if any(word_id not in range(len(words)) for word_id in word_ids):
        raise ValueError("the arguments make no sense")

    def sentence():
        for t, word_id in enumerate(word_ids):
            if word_id == EOS_W:
                return
            if word_id not in (PAD_W, BOS_W):
                yield spell(t) if word_id == UNK_W else words[word_id]

    return list(sentence())
