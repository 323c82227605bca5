"""A hybrid word/character model: words as a rule, characters for the rare ones. (study note 16.1)

The note says: 「大部分时候都使用word-level的模型来做translate，只有在遇到rare or unseen的words的时候
才会使用character-level的模型协助」 Translate at the word level most of the time; ask the character model only
about rare or unseen words.

A word model knows a list of frequent words; all others are <unk> to it. The hybrid model of Luong and Manning
keeps that list and adds characters at three places:

    reading    a rare word's vector is the last state of an LSTM over its characters (HybridEmbedding)
    training   p(rare word | context) = p(<unk> | context) * p(its characters | context) (hybrid_loss)
    writing    where the word model says <unk>, a character model spells a word (respell, char_greedy)

Everywhere else nothing changes, and no character is looked at: that is what keeps it cheap.

Words and characters each have a list of names; an id is an index into it. Both lists begin with SPECIALS, so
the ids 0 to 3 mean the same in every vocabulary. A character is one code point: one element of a Python str.
No function changes its arguments. An error is raised before any callback is called.

Luong and Manning 2016, "Achieving Open Vocabulary Neural Machine Translation with Hybrid Word-Character
Models" (arXiv:1604.00788). Not here: the translation model itself, the state that the character decoder
starts from, beam search.
"""

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
    """The words that the word model knows, and the characters that the character model knows.

    Args:
        sentences: the corpus; every sentence is a list of words.
        max_words: at most so many words are kept; the SPECIALS do not count. 0 keeps none.
        min_count: a word that occurs less often is not kept.

    Returns:
        (words, chars). `words` is SPECIALS, then the kept words: of those that occur at least min_count
        times the max_words most frequent ones, by falling count; equal counts stand in ascending order of
        the words (Python's order of str, code point by code point). `chars` is SPECIALS, then *every*
        character of *every* word of the corpus, ascending, each once. The rare words above all are the ones
        to spell, so words that were not kept contribute theirs too.

    Raises:
        ValueError: max_words < 0, min_count < 1, or the corpus contains an empty word or one of SPECIALS.
    """
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
    """A sentence as ids: one for each word, and the characters of those words that are not in `words`.

    A word that is not in `words` is spelled [BOS_C, character, ..., character, EOS_C]. Only its first
    max_chars - 2 characters are taken, so that no spelling is longer than max_chars. A character that is not
    in `chars` becomes UNK_C.

    Args:
        tokens: the T words of the sentence, none of them empty; T = 0 is allowed.
        words: as `build_vocab` returns them.
        chars: as `build_vocab` returns them.
        max_chars: the greatest length of a spelling, BOS_C and EOS_C included.

    Returns:
        A dict of three lists of ints, each with T elements:
        "word_ids": the index in `words`, UNK_W for a word that is not there.
        "char_ids": for each word a row of L ids, where L is the length of the longest spelling in this
            sentence, 0 if there is none. The row of an unknown word is its spelling, filled up with PAD_C;
            the row of a known word holds PAD_C only.
        "lengths": the length of the spelling, BOS_C and EOS_C included; 0 for a known word.

    Raises:
        ValueError: max_chars < 3, or a token is one of SPECIALS.

    Example: with words SPECIALS + ["the"] and chars SPECIALS + ["a", "t"], the sentence ["the", "taxi"] gives
    word_ids [4, 1], char_ids [[0, 0, 0, 0, 0, 0], [2, 5, 4, 1, 1, 3]], lengths [0, 6].
    """
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
    """A vector for each word: looked up if the word is known, read off its characters if not.

    Submodules: `word_emb`, an `nn.Embedding(n_words, dim)`; `char_emb`, an `nn.Embedding(n_chars, char_dim)`;
    `char_rnn`, an `nn.LSTM` of one layer and one direction from char_dim to dim. The state dict holds
    `word_emb.weight` (n_words, dim), `char_emb.weight` (n_chars, char_dim), `char_rnn.weight_ih_l0`
    (4 dim, char_dim), `char_rnn.weight_hh_l0` (4 dim, dim), `char_rnn.bias_ih_l0` (4 dim,),
    `char_rnn.bias_hh_l0` (4 dim,) and nothing else. Luong and Manning 2016, section 4.
    """

    def __init__(self, n_words: int, n_chars: int, dim: int, char_dim: int) -> None:
        """Make the submodules.

        Args:
            n_words: number of words, SPECIALS included.
            n_chars: number of characters, SPECIALS included.
            dim: width of the vectors, and of the LSTM's state.
            char_dim: width of the characters' embeddings.
        """
        super().__init__()
        self.word_emb = nn.Embedding(n_words, dim)
        self.char_emb = nn.Embedding(n_chars, char_dim)
        self.char_rnn = nn.LSTM(char_dim, dim, batch_first=True)

    def forward(self, word_ids: Tensor, char_ids: Tensor, lengths: Tensor) -> Tensor:
        """Look up the known words, spell the unknown ones.

        The vector of position (b, t) is

            zeros                         where word_ids[b, t] == PAD_W, whatever row PAD_W of the table holds
            the LSTM's hidden state       where word_ids[b, t] == UNK_W: the one after reading the first
                                          lengths[b, t] ids of char_ids[b, t], from a zero initial state
            row word_ids[b, t] of         everywhere else, BOS_W and EOS_W included
            word_emb.weight

        Only where word_ids is UNK_W do char_ids and lengths mean anything. At all other positions they may
        hold *anything*, impossible ids and lengths too, and must not be read. No gradient reaches the rows
        PAD_W and UNK_W of the word table, and characters learn from the unknown words only.

        Args:
            word_ids: int64 (B, T).
            char_ids: int64 (B, T, L); at unknown words the ids of their characters, then PAD_C. L = 0 is
                allowed when no word is unknown.
            lengths: int64 (B, T), the number of characters; between 1 and L at unknown words.

        Returns:
            float (B, T, dim), of the parameters' dtype.

        Raises:
            ValueError: word_ids and lengths differ in shape, or char_ids is not of shape (B, T, L); a word id
                is not in 0 ... n_words - 1; an unknown word has a length outside 1 ... L.
        """
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
    """What training minimises: J = J_word + alpha * J_char (Luong and Manning 2016, section 4).

    <unk> is a word like any other to the word model, and its cost is counted like any other. A rare word
    costs the <unk> *and* its characters: -log p(<unk>) - log p(characters). Let n be the number of targets
    other than PAD_W. Then

        word  = 1/n * sum of -log p(target) over the targets other than PAD_W, UNK_W among them
        char  = 1/n * sum of -log p(character) over the characters other than PAD_C, of all unknown words
        total = word + alpha * char

    where p is the softmax of the logits. *Both* sums are divided by n, so with alpha = 1 the total is the
    mean cost of a word: the mean of -log p(word) for known words and -log[p(<unk>) p(characters)] for the
    others.

    Args:
        word_logits: float (N, V).
        targets: int64 (N,), words, PAD_W where there is none. M of them are UNK_W.
        char_logits: float (M, L, C); entry m belongs to the m-th UNK_W of `targets`.
        char_targets: int64 (M, L), characters, filled up with PAD_C.
        alpha: weight of the characters, at least 0.

    Returns:
        {"word": ..., "char": ..., "total": ...}, three 0-dimensional tensors of the logits' dtype; "total"
        can be differentiated. With M = 0 (then L may be 0 too) "char" is 0.

    Raises:
        ValueError: char_logits or char_targets does not have M rows; n = 0; alpha < 0.
    """
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
    """log p(word | context) under the hybrid model, known or not.

    A word in `words` has the log-probability that the word model gives it. Any other word has the product
    p(<unk> | context) * p(its characters | context), so its log-probability is a sum.

    Args:
        word: not empty.
        word_logprobs: log p(entry | context) for each entry of `words`, SPECIALS included.
        words: as `build_vocab` returns them.
        char_logprob: char_logprob(word) is log p(its characters | context). Called exactly once for an
            unknown word, never for a known one.

    Returns:
        A float, natural logarithm.

    Raises:
        ValueError: `word` is one of SPECIALS, or word_logprobs and words differ in length.
    """
    if word in SPECIALS:
        raise ValueError(f"{word} is the name of a special entry, not a word")
    if len(word_logprobs) != len(words):
        raise ValueError(f"{len(word_logprobs)} log-probabilities for {len(words)} words")
    if word in words:
        return float(word_logprobs[words.index(word)])
    return float(word_logprobs[UNK_W]) + float(char_logprob(word))


def char_greedy(step: Callable[[list[int]], Sequence[float]], *, max_chars: int = 21) -> list[int]:
    """Spell a word: the best character at each step.

    The prefix is [BOS_C] at first. Each step calls `step` once, takes the id with the highest
    log-probability and appends it to the prefix; of equals the smallest id. PAD_C, UNK_C and BOS_C are never
    taken, however probable. EOS_C ends the word. So do max_chars - 2 characters: then `step` is not called
    again.

    Args:
        step: step(prefix) returns log p(next character | prefix) for every character id. The prefix is a list
            of ints, BOS_C first.
        max_chars: the greatest length of a spelling, BOS_C and EOS_C included.

    Returns:
        The ids of the characters, a list of ints, without BOS_C and EOS_C; empty if EOS_C comes first.

    Raises:
        ValueError: max_chars < 3.
    """
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
    """The words of a decoded sentence; each <unk> is spelled by the character model.

    Goes through word_ids from the left. EOS_W ends the sentence: what follows it is not looked at by `spell`
    and not returned. PAD_W and BOS_W are skipped. UNK_W at position t of word_ids becomes spell(t), any other
    id its entry of `words`.

    Args:
        word_ids: T ids, as a word-level decoder emits them.
        words: as `build_vocab` returns them.
        spell: spell(t) is the spelling of position t, which counts *all* elements of word_ids before it.
            Called once for each UNK_W before the end of the sentence, from left to right, and for nothing
            else.

    Returns:
        The words, a list of str.

    Raises:
        ValueError: an id, wherever it stands, is not an index of `words`; negative ones are not either.
    """
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
