"""A decoder-only model: "source, separator, target" is one sequence, and only the target counts in the loss.

Attention is written out, so that a padded batch of sources can stand on the left of their targets.
"""

import itertools
import math
import random
from collections import Counter, defaultdict

import torch
import torch.nn.functional as F
from torch import nn

EOS, SEP, PAD, BYTE = 0, 1, 2, 3
WIDTH, HEADS, LAYERS = 64, 2, 2


def merge(ids, pair, new):
    result, i = [], 0
    while i < len(ids):
        two = tuple(ids[i : i + 2]) == pair
        result.append(new if two else ids[i])
        i += 2 if two else 1
    return result


class Subwords:
    """Merges keep a place in a dict; a text is cut before each blank."""

    def __init__(self, texts, n_merges):
        words = Counter(itertools.chain.from_iterable(map(self.cut, texts)))
        split = {word: [BYTE + byte for byte in word.encode()] for word in words}
        self.new = {}
        for number in range(BYTE + 256, BYTE + 256 + n_merges):
            pairs = defaultdict(int)
            for word, ids in split.items():
                for pair in itertools.pairwise(ids):
                    pairs[pair] += words[word]
            if not pairs:
                break
            top = max(pairs.values())
            pair = min(pair for pair, count in pairs.items() if count == top)
            self.new[pair] = number
            split = {word: merge(ids, pair, number) for word, ids in split.items()}
        self.size = BYTE + 256 + len(self.new)
        self.spell = {BYTE + byte: bytes([byte]) for byte in range(256)}
        for (a, b), number in self.new.items():
            self.spell[number] = self.spell[a] + self.spell[b]

    @staticmethod
    def cut(text):
        words, word = [], ""
        for letter in text:
            if letter == " " and word:
                words.append(word)
                word = ""
            word += letter
        return [*words, word] if word else words

    def encode(self, text):
        result = []
        for word in self.cut(text):
            ids = [BYTE + byte for byte in word.encode()]
            while len(ids) > 1:
                pair = min(itertools.pairwise(ids), key=lambda pair: self.new.get(pair, math.inf))
                if pair not in self.new:
                    break
                ids = merge(ids, pair, self.new[pair])
            result += ids
        return result


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x, mask):
        q, k, v = self.qkv(self.norm1(x)).unflatten(-1, (3 * HEADS, -1)).transpose(1, 2).chunk(3, dim=1)
        heads = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.out(heads.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class LanguageModel(nn.Module):
    """Positions count from the separator: the source backwards, the target forwards."""

    def __init__(self, size):
        super().__init__()
        self.token = nn.Embedding(size, WIDTH)
        self.place = nn.Embedding(2 * 320, WIDTH)
        for table in (self.token, self.place):
            nn.init.normal_(table.weight, std=0.1)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, ids, start):
        """ids (B, L), the separator in column `start`; the source is padded on the left."""
        length = ids.shape[1]
        x = self.token(ids) + self.place(torch.arange(length) - start + 320)
        seen = torch.ones(length, length, dtype=torch.bool).tril()
        seen[:start, :start] = True  # the source may look at all of itself
        mask = (seen & (ids != PAD)[:, None, :]) | torch.eye(length, dtype=torch.bool)
        for block in self.blocks:
            x = block(x, mask[:, None])
        return self.norm(x[:, start:]) @ self.token.weight.T


def lay_out(sources, targets):
    """ids (B, S + 1 + T), and S."""
    s, t = max(map(len, sources)), max(map(len, targets))
    rows = [
        [PAD] * (s - len(source)) + source + [SEP] + target + [PAD] * (t - len(target))
        for source, target in zip(sources, targets, strict=True)
    ]
    return torch.tensor(rows), s


def train_translator(pairs, *, seed=0, max_steps=600, on_step=None):
    if not pairs or max_steps < 1:
        raise ValueError("no pairs, or no steps")
    rng = random.Random(seed)
    torch.manual_seed(seed)
    subwords = Subwords([*(source for source, _ in pairs), *(target for _, target in pairs)], 450)
    data = [(subwords.encode(source), [*subwords.encode(target), EOS]) for source, target in pairs]
    model = LanguageModel(subwords.size)
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98))
    n_steps = min(max_steps, 400)
    for step in range(1, n_steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * min(step / 40, 1.0) * (0.02 + 0.98 * (n_steps - step) / n_steps)
        batch = rng.sample(data, min(64, len(data)))
        sources, targets = zip(*batch, strict=True)
        ids, start = lay_out(sources, targets)
        logits = model(ids[:, :-1], start)
        loss = F.cross_entropy(logits.transpose(1, 2), ids[:, start + 1 :], ignore_index=PAD)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if on_step is not None:
            on_step(step, loss.item(), len(batch))
    return Translator(subwords, model.eval())


class Translator:
    def __init__(self, subwords, model):
        self.subwords, self.model = subwords, model

    def tokenize(self, text):
        return self.subwords.encode(text)

    def detokenize(self, ids):
        spell = self.subwords.spell
        return b"".join(spell[token] for token in ids if token in spell).decode(errors="replace")

    def vocab_size(self):
        return self.subwords.size

    def eos_id(self):
        return EOS

    def _log_probs(self, source, prefixes):
        with torch.no_grad():
            ids, start = lay_out([source] * len(prefixes), prefixes)
            logits = self.model(ids, start)
            return F.log_softmax(logits, dim=-1)

    def next_logprobs(self, src, prefix):
        return self._log_probs(self.tokenize(src), [list(prefix)])[0, -1]

    def score_ids(self, src, ids):
        table = self._log_probs(self.tokenize(src), [list(ids)])[0]
        return float(F.nll_loss(table[:-1], torch.tensor(ids), reduction="sum").neg())

    def nbest(self, src, beam):
        if beam < 1:
            raise ValueError("beam")
        source, pool = self.tokenize(src), [([], 0.0)]
        while any(self._open(ids) for ids, _ in pool):
            still = [pair for pair in pool if self._open(pair[0])]
            table = self._log_probs(source, [ids for ids, _ in still])[:, -1]
            table[:, [SEP, PAD]] = -math.inf
            pool = [pair for pair in pool if not self._open(pair[0])]
            for (ids, score), row in zip(still, table, strict=True):
                values, tokens = row.topk(beam)
                pool += [([*ids, int(t)], score + float(v)) for v, t in zip(values, tokens, strict=True)]
            pool = sorted(pool, key=lambda pair: pair[1], reverse=True)[:beam]
        return pool

    @staticmethod
    def _open(ids):
        return len(ids) < 48 and ids[-1:] != [EOS]

    def translate(self, src, beam=1):
        ids, _ = self.nbest(src, beam)[0]
        return self.detokenize(ids)

    def translate_batch(self, srcs, beam=1):
        if beam != 1:
            return [self.translate(src, beam) for src in srcs]
        sources = [self.tokenize(src) for src in srcs]
        targets = [[] for _ in srcs]
        for _ in range(48):
            open_ = [i for i, ids in enumerate(targets) if self._open(ids)]
            if not open_:
                break
            with torch.no_grad():
                ids, start = lay_out([sources[i] for i in open_], [targets[i] for i in open_])
                logits = self.model(ids, start)[:, -1]
            logits[:, [SEP, PAD]] = -math.inf
            for i, token in zip(open_, logits.argmax(dim=-1).tolist(), strict=True):
                targets[i].append(token)
        return [self.detokenize(ids) for ids in targets]


def corpus_bleu(hyps, refs, max_n=4):
    if len(hyps) != len(refs) or len(hyps) < 1 or max_n < 1:
        raise ValueError("corpus_bleu wants equally many hypotheses and references, and max_n >= 1")
    matched, total, lengths = [0] * max_n, [0] * max_n, [0, 0]
    for hyp, ref in zip(map(str.split, hyps), map(str.split, refs), strict=True):
        lengths = [lengths[0] + len(hyp), lengths[1] + len(ref)]
        budget = Counter(
            tuple(ref[i:j]) for i in range(len(ref)) for j in range(i + 1, min(i + max_n, len(ref)) + 1)
        )
        for i in range(len(hyp)):
            for n in range(1, min(max_n, len(hyp) - i) + 1):
                gram = tuple(hyp[i : i + n])
                total[n - 1] += 1
                if budget[gram] > 0:
                    budget[gram] -= 1
                    matched[n - 1] += 1
    if 0 in matched:
        return 0.0
    mean = sum(math.log(m / t) for m, t in zip(matched, total, strict=True)) / max_n
    return math.exp(mean) * min(1.0, math.exp(1 - lengths[1] / lengths[0]))
