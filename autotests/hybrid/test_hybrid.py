"""Hidden tests of hybrid: 25 points. Models and expected answers: oracle.py."""

from __future__ import annotations

from math import exp, fsum, log

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_equal, describe, grads, refuses

from . import oracle
from .oracle import BOS, EOS, PAD, SPECIALS, UNK

N_WORDS, N_CHARS, DIM, CHAR_DIM = 11, 13, 5, 3


def two_lists(result):
    """The result of build_vocab as two lists."""
    assert isinstance(result, tuple | list), f"build_vocab returned {describe(result)}, not (words, chars)"
    assert len(result) == 2, f"build_vocab returned {len(result)} values, not 2: (words, chars)"
    for name, names in zip(("words", "chars"), result, strict=True):
        assert isinstance(names, tuple | list), f"{name} is {describe(names)}, not a list"
    return [list(names) for names in result]


def shuffled(rng, items):
    """The same elements in random order."""
    return [items[i] for i in rng.permutation(len(items))]


def corpus(rng, counts):
    """Sentences of three words that contain each word as often as `counts` says, in random order."""
    flat = shuffled(rng, [word for word, count in counts.items() for _ in range(count)])
    return [flat[i : i + 3] for i in range(0, len(flat), 3)]


def embedding(student, state):
    """The student's HybridEmbedding in float64 with the given weights, loaded strictly."""
    module = student.HybridEmbedding(N_WORDS, N_CHARS, DIM, CHAR_DIM)
    module.double()
    module.load_state_dict(state)
    return module


def random_state(rng):
    """Weights for `embedding`."""
    return oracle.random_state(rng, N_WORDS, N_CHARS, DIM, CHAR_DIM)


def batch(rng, word_ids, lengths, longest, nothing=(PAD, 0)):
    """(word_ids, char_ids, lengths) for `forward`. `lengths` go to the unknown words, in order.

    `nothing` is what stands in char_ids and in lengths of all other words.
    """
    word_ids = torch.tensor(word_ids)
    unknown = word_ids == UNK
    all_lengths = torch.full(word_ids.shape, nothing[1])
    all_lengths[unknown] = torch.tensor(lengths, dtype=torch.int64)
    char_ids = torch.from_numpy(rng.integers(1, N_CHARS, size=(*word_ids.shape, longest)))
    char_ids[torch.arange(longest) >= all_lengths[..., None]] = PAD
    char_ids[~unknown] = nothing[0]
    return word_ids, char_ids, all_lengths


def checked(value, shape, what="the output"):
    """The value itself, known to be a tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)}, not {tuple(shape)}"
    return value


@pytest.mark.points(3)
def test_t01_words_of_the_vocabulary(student, rng):
    """build_vocab: words by count and then by name, max_words, min_count; what it refuses."""

    def words_of(sentences, **options):
        return two_lists(student.build_vocab(sentences, **options))[0]

    counts = {"b": 3, "a": 3, "Z": 3, "东京": 3, "京": 3, "é": 3, "aa": 4, "c": 2, "C": 2, "𝄞": 2, "~": 1}
    sentences = corpus(rng, counts)
    for options in [
        {"max_words": 100},
        {"max_words": 11},
        {"max_words": 0},
        *({"max_words": int(k)} for k in rng.permutation(np.arange(1, 11))[:3]),
        {"max_words": 100, "min_count": 2},
        {"max_words": 100, "min_count": 3},
        {"max_words": 2, "min_count": 3},
        {"max_words": 100, "min_count": 5},
    ]:
        expected = oracle.kept_words(sentences, **options)
        assert words_of(sentences, **options) == expected, f"words are not what they should be, {options}"
    # The word that comes second by name comes first in the corpus.
    tied = [["b"], ["a", "c"], ["a", "b", "c"]]
    expected = [*SPECIALS, "a", "b"]
    assert words_of(tied, max_words=2) == expected, "words of equal count do not stand in ascending order"
    assert words_of([], max_words=3) == SPECIALS, "words of an empty corpus are not the four specials"

    fine = [["a", "b"], ["c"]]
    refuses("max_words=-1", student.build_vocab, fine, max_words=-1)
    refuses("min_count=0", student.build_vocab, fine, max_words=2, min_count=0)
    for bad in ["", *SPECIALS]:
        refuses(f"a corpus with the word {bad!r}", student.build_vocab, [["a", "b"], [bad]], max_words=2)


@pytest.mark.points(1)
def test_t02_characters_of_rare_words(student, rng):
    """build_vocab: the characters of all words, of those that were not kept too."""
    counts = {"ba": 4, "ab": 3, "cb": 2, "dä": 1, "京e": 1, "Zf": 1, "𝄞": 1}
    sentences = corpus(rng, counts)
    expected = oracle.all_chars(sentences)
    for options in [{"max_words": 2}, {"max_words": 0}, {"max_words": 100, "min_count": 2}, {"max_words": 9}]:
        chars = two_lists(student.build_vocab(sentences, **options))[1]
        missing = len(set(expected) - set(chars))
        assert not missing, f"{missing} entries are missing in chars, {options}"
        assert chars == expected, f"chars has entries that should not be there or another order, {options}"


@pytest.mark.points(3)
def test_t03_encode_sentence(student, rng):
    """encode_sentence: known and unknown words, boundaries, truncation, unknown characters."""
    words = SPECIALS + shuffled(rng, ["the", "cat", "京", "a"])
    chars = SPECIALS + shuffled(rng, list("abcdeht京都"))
    unknown = ["tab", "d", "zeh", "京都", "headachebed", "qqqq", "The"]
    long = "".join(rng.choice(list("abcdeht"), size=30))
    cases = [
        (shuffled(rng, ["the", "a", *unknown]), 21),
        (shuffled(rng, ["cat", "京", *unknown]), 3),
        (shuffled(rng, ["cat", "cat", *unknown]), 5),
        (shuffled(rng, ["a", *unknown]), 12),
        (shuffled(rng, ["the", long]), 21),
        ([long[:19]], 21),
        ([long[:20], "cat"], 21),
        (shuffled(rng, ["the", "cat", "a"]), 21),
        ([], 21),
    ]
    for tokens, max_chars in cases:
        options = {} if max_chars == 21 else {"max_chars": max_chars}
        encoded = student.encode_sentence(tokens, words, chars, **options)
        where = f"for {tokens}, max_chars={max_chars}"
        assert isinstance(encoded, dict), f"encode_sentence returned {describe(encoded)}, not a dict"
        expected = oracle.encoded(tokens, words, chars, max_chars)
        assert set(encoded) == set(expected), f"the keys are {sorted(map(str, encoded))}"
        for name, wanted in expected.items():
            if not tokens:
                wanted = np.zeros(0)  # three empty lists
            assert_equal(encoded[name], wanted, what=f"{name} {where}")


@pytest.mark.points(2)
def test_t04_known_words(student, rng):
    """HybridEmbedding without unknown words: the rows of word_emb, zeros at padding."""
    for shape in [(3, 5), (1, 8), (4, 3)]:
        state = random_state(rng)
        # Padding twice, BOS, EOS and the last row are always there.
        others = rng.integers(BOS, N_WORDS, size=np.prod(shape) - 5).tolist()
        ids = np.array(shuffled(rng, [PAD, PAD, BOS, EOS, N_WORDS - 1, *others])).reshape(shape)
        output = embedding(student, state)(*batch(rng, ids.tolist(), [], 4))
        expected = np.where((ids == PAD)[..., None], 0.0, state["word_emb.weight"].numpy()[ids])
        assert_equal(checked(output, expected.shape), expected, what=f"the output for word_ids {shape}")


@pytest.mark.points(4)
def test_t05_unknown_words(student, rng):
    """HybridEmbedding: words of 1 to 9 characters in one batch are as each of them alone, in any order."""
    for longest in (9, 12):
        state = random_state(rng)
        others = [PAD, BOS, *rng.integers(EOS, N_WORDS, size=4).tolist()]
        ids = np.array(shuffled(rng, [UNK] * 9 + others)).reshape(5, 3)
        inputs = batch(rng, ids.tolist(), shuffled(rng, range(1, 10)), longest)
        module = embedding(student, state)
        expected = oracle.embed(state, *inputs)
        what = f"the output for words of 1 to 9 characters, L = {longest}"
        assert_close(checked(module(*inputs), expected.shape), expected, what=what)
        order = torch.from_numpy(rng.permutation(5))
        permuted = module(*(tensor[order] for tensor in inputs))
        what = "the output after a permutation of the sentences"
        assert_close(checked(permuted, expected.shape), expected[order], what=what)
    # Every word of the batch is unknown, and of one length.
    inputs = batch(rng, [[UNK, UNK], [UNK, UNK]], [4] * 4, 4)
    output = checked(module(*inputs), (2, 2, DIM))
    assert_close(output, oracle.embed(state, *inputs), what="the output for unknown words only")


@pytest.mark.points(2)
def test_t06_what_is_not_read(student, rng):
    """HybridEmbedding: impossible char_ids and lengths at known words and padding change nothing; L = 0."""
    state = random_state(rng)
    module = embedding(student, state)
    ids = shuffled(rng, [UNK, UNK, UNK, PAD, PAD, BOS, EOS, *rng.integers(4, N_WORDS, size=3).tolist()])
    ids = [ids[:5], ids[5:]]
    for nothing in [(-1, -7), (10**6, 10**6)]:
        inputs = batch(rng, ids, shuffled(rng, [6, 2, 4]), 6, nothing)
        output = module(*inputs)
        expected = oracle.embed(state, *inputs)
        what = (
            f"the output with {nothing[0]} in char_ids and {nothing[1]} in lengths where nothing is unknown"
        )
        assert_close(checked(output, expected.shape), expected, what=what)
    known = torch.tensor([[4, PAD, EOS], [BOS, 5, N_WORDS - 1]])
    inputs = (known, torch.zeros(2, 3, 0, dtype=torch.int64), torch.zeros(2, 3, dtype=torch.int64))
    output = checked(module(*inputs), (2, 3, DIM))
    assert_equal(output, oracle.embed(state, *inputs), what="the output for L = 0")


@pytest.mark.points(2)
def test_t07_where_gradients_go(student, rng):
    """HybridEmbedding: known words train their rows, unknown ones the character parameters."""
    char_parameters = [name for name in random_state(rng) if name.startswith("char")]
    for has_unknown in (True, False):
        state = random_state(rng)
        rare = [UNK, UNK, UNK] if has_unknown else [5, 5, 5]
        ids = shuffled(rng, [*rare, PAD, PAD, BOS, 4, 4, *rng.integers(4, N_WORDS - 2, size=2).tolist()])
        lengths = shuffled(rng, [5, 1, 3]) if has_unknown else []
        inputs = batch(rng, [ids[:5], ids[5:]], lengths, 5)
        module = embedding(student, state)
        output = checked(module(*inputs), (2, 5, DIM))
        assert output.requires_grad, "the output does not depend differentiably on the parameters"
        direction = torch.from_numpy(rng.normal(size=(2, 5, DIM)))
        output.backward(direction)
        got = grads(module)
        twins = {name: value.clone().requires_grad_() for name, value in state.items()}
        oracle.embed(twins, *inputs).backward(direction)
        assert got["word_emb.weight"] is not None, "word_emb.weight has no gradient"
        table = as_array(got["word_emb.weight"], "the gradient of word_emb.weight")
        assert table.shape == (N_WORDS, DIM), f"the gradient of word_emb.weight has shape {table.shape}"
        unused = sorted(set(range(N_WORDS)) - set(ids) | {PAD, UNK})
        silent = table[unused]
        what = "the gradient of word_emb's rows for padding, <unk> and words that do not occur"
        assert_equal(silent, np.zeros_like(silent), what=what)
        assert_close(table, twins["word_emb.weight"].grad, what="the gradient of word_emb.weight")
        for name in char_parameters:
            where = "with" if has_unknown else "without"
            what = f"the gradient of {name} {where} unknown words"
            if has_unknown:
                assert got[name] is not None, f"there is no gradient of {name} although words are unknown"
                assert_close(got[name], twins[name].grad, what=what)
            elif got[name] is not None:
                assert_equal(got[name], torch.zeros_like(state[name]), what=what)


@pytest.mark.points(3)
def test_t08_loss(student, rng):
    """hybrid_loss: word, char and total with padding, without <unk>, with several alpha; gradients."""
    size, n_chars = 7, 6
    # Numbers of paddings and known words, and the lengths of the spellings, EOS included.
    for paddings, known, lengths, alpha in [
        (2, 3, [5, 2], None),
        (0, 4, [3], 0.5),
        (1, 0, [1, 4, 4], 0.0),
        (2, 1, [3, 1], 2.5),
        (1, 3, [], 1.0),
    ]:
        words = [PAD] * paddings + [UNK] * len(lengths) + rng.integers(BOS, size, size=known).tolist()
        targets = torch.tensor(shuffled(rng, words))
        longest = max(lengths) + 1 if lengths else 0
        rows = [
            [*rng.integers(4, n_chars, size=n - 1).tolist(), EOS] + [PAD] * (longest - n)
            for n in shuffled(rng, lengths)
        ]
        char_targets = torch.tensor(rows, dtype=torch.int64).reshape(len(lengths), longest)
        word_logits = torch.from_numpy(2.0 * rng.normal(size=(len(words), size))).requires_grad_()
        char_logits = torch.from_numpy(2.0 * rng.normal(size=(len(lengths), longest, n_chars)))
        char_logits.requires_grad_()
        inputs = (word_logits, targets, char_logits, char_targets)
        options = {} if alpha is None else {"alpha": alpha}
        result = student.hybrid_loss(*inputs, **options)
        assert not student.last_call.changed, "hybrid_loss changed one of its arguments in place"
        assert isinstance(result, dict), f"hybrid_loss returned {describe(result)}, not a dict"
        assert set(result) == {"word", "char", "total"}, f"the keys are {sorted(map(str, result))}"

        weight = 1.0 if alpha is None else alpha
        costs = oracle.joint_costs(*(tensor.detach() for tensor in inputs))
        n = len(costs)
        where = f"for {known} known and {len(lengths)} unknown words, {paddings} of padding, alpha={weight}"
        assert_close(result["word"], fsum(word for word, _ in costs) / n, what=f"word {where}")
        assert_close(result["char"], fsum(chars for _, chars in costs) / n, what=f"char {where}")
        joint = fsum(word + weight * chars for word, chars in costs) / n
        assert_close(result["total"], joint, what=f"total {where}")

        total = checked(result["total"], (), "total")
        assert total.requires_grad, "total does not depend differentiably on the logits"
        total.backward()
        per_word = (targets != PAD).double() / n
        expected = oracle.softmax_gradient(word_logits, targets, per_word)
        assert_close(word_logits.grad, expected, what=f"the gradient of word_logits {where}")
        if lengths:
            expected = oracle.softmax_gradient(
                char_logits, char_targets, weight * (char_targets != PAD).double() / n
            )
            gradient = torch.zeros_like(char_logits) if char_logits.grad is None else char_logits.grad
            assert_close(gradient, expected, what=f"the gradient of char_logits {where}")


@pytest.mark.points(2)
def test_t09_word_log_prob(student, rng):
    """word_log_prob: when the characters are asked for, and the mass of all words together."""
    known = shuffled(rng, ["b", "ab", "bab"])
    words = SPECIALS + known
    probs = rng.dirichlet(np.full(len(words), 5.0)) * 0.9 + 0.1 / len(words)
    log_probs = np.log(probs).tolist()
    spelling = oracle.Spelling(rng, "ab", 3, set(known))
    mass = []
    for word in shuffled(rng, spelling.universe):
        spelling.asked.clear()
        value = as_array(student.word_log_prob(word, log_probs, words, spelling), f"word_log_prob({word!r})")
        assert value.shape == (), f"word_log_prob({word!r}) has shape {value.shape}, it must be one number"
        expected_calls = [] if word in known else [word]
        asked = len(spelling.asked)
        assert spelling.asked == expected_calls, f"char_logprob was called {asked} times for {word!r}"
        if word in known:
            expected = log_probs[words.index(word)]
        else:
            expected = log(probs[UNK] * exp(spelling.log_probs[word]))
        assert_close(value, expected, what=f"word_log_prob({word!r})")
        mass.append(exp(float(value)))
    # <pad>, <s> and </s> have the rest.
    assert_close(fsum(mass), 1.0 - probs[[PAD, BOS, EOS]].sum(), what="the sum of p(word) over all words")


@pytest.mark.points(1)
def test_t10_char_greedy(student, rng):
    """char_greedy: EOS, the limit, forbidden characters, ties; how often step is called, and with what."""

    def tied(*bests):
        """At each step the best ids as given; others are worse, the forbidden ones are better."""

        def compute(prefix):
            best = bests[min(len(prefix), len(bests)) - 1]
            return [-0.1] * EOS + [-1.5 if char in best else -2.5 for char in range(EOS, 9)]

        return oracle.NextChar(compute)

    cases = [(oracle.random_model(rng, 9, eos_at), 8) for eos_at in (0, 1, 3, 5, 6, 99)]
    cases += [(oracle.random_model(rng, 9, 99), limit) for limit in (3, 4, 21)]
    cases += [(tied([6, 4, 8], [5, 7], [8, EOS, 4]), 10), (tied([8], [EOS, 8]), 10), (tied([7, 8], [4]), 5)]
    for i, (model, max_chars) in enumerate(cases):
        expected, prefixes = model.best_spelling(max_chars)
        options = {} if max_chars == 21 else {"max_chars": max_chars}
        what = f"char_greedy on model {i}, max_chars={max_chars},"
        result = as_array(student.char_greedy(model.step, **options), what)
        calls = len(model.prefixes)
        assert calls == len(prefixes), f"{what} called step {calls} times, not {len(prefixes)}"
        assert_equal(result, np.array(expected), what=what)
        assert model.prefixes == prefixes, f"{what} called step with other prefixes than it should"


@pytest.mark.points(1)
def test_t11_respell(student, rng):
    """respell: which positions are spelled, in which order; what is skipped; nothing after EOS."""
    words = SPECIALS + shuffled(rng, ["sun", "moon", "sea"])
    sun, moon, sea = 4, 5, 6
    start = [BOS, *shuffled(rng, [UNK, UNK, sun, moon, sea, PAD])]
    for ids in [
        [*start, UNK, EOS, UNK, sun, EOS, UNK],
        [*start, UNK],
        [PAD, PAD, *start, EOS],
        [sun, sea, sun, EOS, sea],
        [EOS, UNK],
        [UNK],
        [],
    ]:
        asked = []

        def spell(t, asked=asked):
            asked.append(int(as_array(t, "the argument of spell")))
            return f"spelled at {asked[-1]}"

        end = ids.index(EOS) if EOS in ids else len(ids)
        positions = [t for t in range(end) if ids[t] == UNK]
        expected = [f"spelled at {t}" if ids[t] == UNK else words[ids[t]] for t in range(end)]
        expected = [word for word in expected if word not in SPECIALS]
        result = student.respell(ids, words, spell)
        assert isinstance(result, tuple | list), f"respell returned {describe(result)}, not a list"
        assert asked == positions, f"spell was called for the positions {asked} of the ids {ids}"
        assert list(result) == expected, f"respell gives other words than it should for the ids {ids}"


@pytest.mark.points(1)
def test_t12_errors(student):
    """ValueError for every argument that the handout refuses, before any callback is called."""
    rng = np.random.default_rng(12)  # what is refused does not depend on the numbers
    words, chars = [*SPECIALS, "a", "b"], [*SPECIALS, "a", "b", "c"]
    calls = []

    def callback(argument):
        calls.append(argument)
        return "c" if isinstance(argument, int) else -1.0

    def next_char(prefix):
        calls.append(prefix)
        return [-1.0] * len(chars)

    refuses("max_chars=2 of encode_sentence", student.encode_sentence, ["a", "c"], words, chars, max_chars=2)
    refuses("max_chars=2 of char_greedy", student.char_greedy, next_char, max_chars=2)
    log_probs = [log(1 / 6)] * 6
    for name in SPECIALS:
        refuses(f"the token {name!r}", student.encode_sentence, ["a", name, "c"], words, chars)
        refuses(f"word_log_prob({name!r})", student.word_log_prob, name, log_probs, words, callback)
    for bad in [log_probs[:5], [*log_probs, -1.0]]:
        what = f"{len(bad)} log-probabilities for 6 words"
        for word in ["a", "c"]:
            refuses(what, student.word_log_prob, word, bad, words, callback)
    for ids in [[UNK, -1, 4], [UNK, 4, 6], [-1], [4, EOS, 6]]:
        refuses(f"the ids {ids} for 6 words", student.respell, ids, words, callback)
    assert not calls, "a callback was called before the ValueError"

    def loss(targets, logits_of, targets_of, **options):
        char_logits, char_targets = torch.zeros(logits_of, 3, 5), torch.full((targets_of, 3), 4)
        return student.hybrid_loss(
            torch.zeros(len(targets), 6), torch.tensor(targets), char_logits, char_targets, **options
        )

    for m, k in [(1, 2), (2, 1), (1, 1), (3, 3), (0, 0)]:
        refuses(f"characters of {m} and {k} words for 2 unknown words", loss, [UNK, 4, UNK], m, k)
    refuses("targets of padding only", loss, [PAD, PAD], 0, 0)
    refuses("alpha=-0.5", loss, [UNK, 4], 1, 1, alpha=-0.5)

    module = student.HybridEmbedding(N_WORDS, N_CHARS, DIM, CHAR_DIM)
    for length in (0, -1, 5):
        inputs = batch(rng, [[4, UNK, PAD], [UNK, 5, 6]], [4, 4], 4)
        inputs[2][1, 0] = length
        refuses(f"an unknown word of length {length}, L = 4", module, *inputs)
    for bad in (-1, N_WORDS):
        refuses(f"the word id {bad}", module, *batch(rng, [[4, UNK, bad]], [4], 4))
    word_ids, char_ids, lengths = batch(rng, [[4, UNK, PAD], [UNK, 5, 6]], [4, 2], 4)
    for change in [
        (word_ids, char_ids, lengths[:1]),
        (word_ids, char_ids, lengths[:, :1]),
        (word_ids, char_ids, lengths[..., None]),
        (word_ids, char_ids[:, :2], lengths),
        (word_ids, char_ids[:1], lengths),
        (word_ids, char_ids[..., 0], lengths),
    ]:
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in change)
        refuses(f"the shapes {shapes}", module, *change)
