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

### BEGIN SOLUTION
from collections import Counter

### END SOLUTION
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

### BEGIN SOLUTION
from torch.nn import functional as F

### END SOLUTION
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
    ### BEGIN SOLUTION
    if max_words < 0 or min_count < 1:
        raise ValueError(f"max_words is {max_words}, min_count is {min_count}: at least 0 and 1 are needed")
    counts = Counter(word for sentence in sentences for word in sentence)
    if "" in counts:
        raise ValueError("the corpus contains an empty word")
    _refuse_specials(set(counts))
    frequent = [word for word in counts if counts[word] >= min_count]
    frequent.sort(key=lambda word: (-counts[word], word))
    letters = sorted(set("".join(counts)))  # of all words, not of the frequent ones
    return SPECIALS + frequent[:max_words], SPECIALS + letters
    ### END SOLUTION


### BEGIN SOLUTION
def _refuse_specials(words: set[str]) -> None:
    """The name of a special entry in a text would be taken for the entry itself."""
    if words & set(SPECIALS):
        raise ValueError(f"none of {SPECIALS} may occur as a word")


### END SOLUTION


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
    ### BEGIN SOLUTION
    _check_max_chars(max_chars)
    _refuse_specials(set(tokens))
    word_index = {word: index for index, word in enumerate(words)}
    char_index = {char: index for index, char in enumerate(chars)}
    spellings = [
        []
        if token in word_index
        else [BOS_C, *(char_index.get(char, UNK_C) for char in token[: max_chars - 2]), EOS_C]
        for token in tokens
    ]
    lengths = [len(spelling) for spelling in spellings]
    longest = max(lengths, default=0)
    return {
        "word_ids": [word_index.get(token, UNK_W) for token in tokens],
        "char_ids": [spelling + [PAD_C] * (longest - len(spelling)) for spelling in spellings],
        "lengths": lengths,
    }
    ### END SOLUTION


### BEGIN SOLUTION
def _check_max_chars(max_chars: int) -> None:
    if max_chars < 3:
        raise ValueError(f"max_chars is {max_chars}: two boundaries and a character need at least 3")


### END SOLUTION


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
        ### BEGIN SOLUTION
        self.word_emb = nn.Embedding(n_words, dim)
        self.char_emb = nn.Embedding(n_chars, char_dim)
        self.char_rnn = nn.LSTM(char_dim, dim, batch_first=True)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        self._check(word_ids, char_ids, lengths)
        unknown = word_ids == UNK_W  # (B, T)
        known = word_ids > UNK_W  # (B, T); neither padding nor unknown
        vectors = self.word_emb.weight.new_zeros(*word_ids.shape, self.word_emb.embedding_dim)
        vectors[known] = self.word_emb(word_ids[known])
        if unknown.any():  # an LSTM refuses a sequence without steps, L = 0
            vectors[unknown] = self._last_states(char_ids[unknown], lengths[unknown])
        return vectors  # (B, T, dim)
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _last_states(self, char_ids: Tensor, lengths: Tensor) -> Tensor:
        """(M, L) characters of M words and their lengths (M,) -> (M, dim), the state after the last one."""
        states, _ = self.char_rnn(self.char_emb(char_ids))  # (M, L, dim)
        # subtle: states[:, -1] has read the padding of all words but the longest. A state never depends on
        # what comes after it, so it is enough to stop looking in time.
        return states[torch.arange(len(lengths)), lengths - 1]

    def _check(self, word_ids: Tensor, char_ids: Tensor, lengths: Tensor) -> None:
        if lengths.shape != word_ids.shape or char_ids.shape[:-1] != word_ids.shape:
            shapes = [tuple(ids.shape) for ids in (word_ids, char_ids, lengths)]
            raise ValueError(f"the shapes must be (B, T), (B, T, L), (B, T), not {shapes}")
        if ((word_ids < 0) | (word_ids >= self.word_emb.num_embeddings)).any():
            raise ValueError(f"word ids must lie between 0 and {self.word_emb.num_embeddings - 1}")
        spelled = lengths[word_ids == UNK_W]  # (M,); the others mean nothing
        if ((spelled < 1) | (spelled > char_ids.shape[-1])).any():
            raise ValueError(f"an unknown word needs 1 to {char_ids.shape[-1]} characters")

    ### END SOLUTION


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
    ### BEGIN SOLUTION
    n = int((targets != PAD_W).sum())
    m = int((targets == UNK_W).sum())
    if not len(char_logits) == len(char_targets) == m:
        raise ValueError(f"{m} unknown words, but characters of {len(char_logits)} and {len(char_targets)}")
    if n == 0:
        raise ValueError("every target is padding, there is nothing to average")
    if alpha < 0:
        raise ValueError(f"alpha is {alpha}, it must not be negative")
    word = F.cross_entropy(word_logits, targets, ignore_index=PAD_W, reduction="sum") / n
    each_char = char_logits.flatten(0, 1), char_targets.flatten()  # (M * L, C), (M * L,)
    # subtle: n again, not the number of characters, or the total would be no log-likelihood of the words.
    char = F.cross_entropy(*each_char, ignore_index=PAD_C, reduction="sum") / n
    return {"word": word, "char": char, "total": word + alpha * char}
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    _refuse_specials({word})
    if len(word_logprobs) != len(words):
        raise ValueError(f"{len(word_logprobs)} log-probabilities for {len(words)} words")
    if word in words:
        return float(word_logprobs[words.index(word)])
    return float(word_logprobs[UNK_W] + char_logprob(word))
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    _check_max_chars(max_chars)
    spelled: list[int] = []
    while len(spelled) < max_chars - 2:
        log_probs = step([BOS_C, *spelled])
        # The ids below EOS_C are the three forbidden ones. max returns the first of equals.
        best = max(range(EOS_C, len(log_probs)), key=lambda char: log_probs[char])
        if best == EOS_C:
            break
        spelled.append(best)
    return spelled
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    if not all(0 <= word_id < len(words) for word_id in word_ids):
        raise ValueError(f"word ids must lie between 0 and {len(words) - 1}")
    sentence = []
    for t, word_id in enumerate(word_ids):
        if word_id == EOS_W:
            break
        if word_id == UNK_W:
            sentence.append(spell(t))
        elif word_id not in (PAD_W, BOS_W):
            sentence.append(words[word_id])
    return sentence
    ### END SOLUTION
