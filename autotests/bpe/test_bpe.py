"""Hidden tests of bpe: 25 points. Independent answers: oracle.py."""

from __future__ import annotations

from itertools import accumulate, chain, permutations, product

import pytest

from grader.judge.testing import as_array, assert_equal, counting, describe, refuses

from . import oracle

A, B, C = b"abc"
SEASONS = {b"sea": 5, b"seas": 1, b"season": 4, b"reason": 7, b"treason": 2, b"x": 3}
UNICODE = "aeé世界🙂"


def call(student, name, *arguments):
    """The result of a function that must leave its arguments as they are."""
    result = getattr(student, name)(*arguments)
    assert not student.last_call.changed, f"{name} changed one of its arguments"
    return result


def each(module, name, arguments):
    """A probe: a function's results for many arguments, in one message instead of many."""
    return [getattr(module, name)(*one) for one in arguments]


def use(module, merges, specials, calls):
    """A probe: the results of many (method, *arguments) of one tokenizer."""
    tokenizer = module.BPETokenizer(merges, specials)
    return [getattr(tokenizer, method)(*arguments) for method, *arguments in calls]


def integers(value, what):
    """A list of Python ints from a list, a tuple or an array."""
    array = as_array(value, what)
    assert array.ndim == 1, f"{what} has shape {array.shape}, not one dimension"
    assert array.dtype.kind in "iu" or array.size == 0, f"{what} holds {array.dtype}, not ints"
    return array.tolist()


def assert_symbols(actual, wanted, what):
    """The same symbols or token ids."""
    got = integers(actual, what)
    wrong = next((i for i, pair in enumerate(zip(got, wanted, strict=False)) if pair[0] != pair[1]), None)
    assert wrong is None, f"{what}: wrong from place {wrong} on (counted from 0)"
    assert len(got) == len(wanted), f"{what} has {len(got)} entries, not {len(wanted)}"


def assert_merges(actual, wanted, what):
    """The same pairs in the same order."""
    array = as_array(actual, what)
    assert array.size == 0 or array.ndim == 2, f"{what} is {describe(actual)}, not a list of pairs"
    got = [tuple(pair) for pair in array.tolist()]
    wrong = next((i for i, pair in enumerate(zip(got, wanted, strict=False)) if pair[0] != pair[1]), None)
    assert wrong is None, f"{what}: merge number {wrong} (counted from 0) is not the right pair"
    assert len(got) == len(wanted), f"{what}: {len(got)} merges, not {len(wanted)}"


def assert_counts(actual, wanted, what):
    """The same keys with the same numbers."""
    assert isinstance(actual, dict), f"{what} is {describe(actual)}, not a dict"
    missing, extra = len(wanted.keys() - actual.keys()), len(actual.keys() - wanted.keys())
    assert missing == extra == 0, f"{what}: {missing} keys are missing, {extra} should not be there"
    for key in wanted:
        assert_equal(actual[key], wanted[key], what=f"{what}: a number")


def assert_strings(actual, wanted, what):
    """The same strings in a list or a tuple."""
    assert isinstance(actual, list | tuple), f"{what} is {describe(actual)}, not a list"
    assert all(isinstance(string, str) for string in actual), f"{what} holds something that is no string"
    assert list(actual) == wanted, f"{what} is not what it should be"


@pytest.mark.points(1)
def test_t01_pretokenize(student, rng):
    """pretokenize: literal cases, and texts in many scripts, which the joined pre-tokens give back."""
    literal = {
        "": [],
        "a_b 12": ["a", "_", "b", " 12"],
        "x__y": ["x", "__", "y"],
        "\t\tend": ["\t", "\t", "end"],
        "one\u00a0two": ["one", "\u00a0", "two"],
        "世界 42年": ["世界", " 42", "年"],
        "cafe\u0301s": ["cafe", "\u0301", "s"],
        "end.  \n": ["end", ".", "  \n"],
        "a   b": ["a", "  ", " b"],
        " _! x²3": [" _!", " x²", "3"],
    }
    right = literal | {text: oracle.pretokens(text) for text in oracle.random_texts(rng, 20)}
    results = student.run(each, name="pretokenize", arguments=[(text,) for text in right])
    for (text, wanted), found in zip(right.items(), results, strict=True):
        assert_strings(found, wanted, f"pretokenize({text!r})")
        assert "".join(found) == text, f"the pre-tokens of {text!r} do not give it back"


@pytest.mark.points(2)
def test_t02_count_pretokens(student, rng):
    """count_pretokens: several texts, special tokens that overlap, words in UTF-8, errors."""
    end, star = "<|end|>", "(*)"
    cases = [
        (["ab", "cd", "ab cd"], []),  # what two texts share
        (["ab<s>cd", "<s>", "ab <s> ab"], ["<s>"]),  # what stands around a special token
        (["a<s>>b<s>c"], ["<s>", "<s>>"]),  # the longest of several
        (["a<s>>b<s>c"], ["<s>>", "<s>"]),
        (["xyzz yzz"], ["yzz", "xy"]),  # the leftmost comes before the longest
        ([f"go{end}  {star}{end}{end} go", f"{star}go.|"], [end, star]),
        (["été 世界 🙂🙂", "été"], []),
        (["a  <s>b", "a  ", "  b"], ["<s>"]),  # white space at the edge
        ([], ["<s>"]),
        ([""], []),
    ]
    for texts, specials in cases:
        result = call(student, "count_pretokens", texts, specials)
        what = f"count_pretokens({texts}, {specials})"
        assert_counts(result, oracle.count_pretokens(texts, specials), what)
    specials = ["한국어", end, "的", "the", "<|"]
    texts = [special.join(oracle.random_texts(rng, 12)) for special in specials]
    result = call(student, "count_pretokens", texts, specials)
    what = "count_pretokens of texts in many scripts, with special tokens"
    assert_counts(result, oracle.count_pretokens(texts, specials), what)
    result = student.count_pretokens(texts)
    what = "count_pretokens of texts in many scripts, without special tokens"
    assert_counts(result, oracle.count_pretokens(texts), what)
    for specials in [[""], ["<s>", ""], ["<s>", "x", "<s>"]]:
        refuses(f"the special tokens {specials}", student.count_pretokens, ["a"], specials)


@pytest.mark.points(4)
def test_t03_train(student, rng):
    """train_bpe on 40 random corpora: few letters, many runs, several scripts; the counts stay unchanged."""
    corpora = []
    for i in range(40):
        alphabet = ["ab", "abc", "abcd", "aaab", UNICODE][i % 5]
        counts = oracle.random_counts(rng, alphabet, words=int(rng.integers(5, 13)), longest=10)
        corpora.append((counts, int(rng.integers(12, 21)), 1 + i % 2))
    results = student.run(each, name="train_bpe", arguments=corpora)
    for i, (corpus, result) in enumerate(zip(corpora, results, strict=True)):
        what = f"train_bpe of {len(corpus[0])} words, {corpus[1]} merges, min_count={corpus[2]} (corpus {i})"
        assert_merges(result, oracle.train(*corpus), what)
    call(student, "train_bpe", *corpora[0])


@pytest.mark.points(2)
def test_t04_ties(student, rng):
    """train_bpe where several pairs are equally frequent, and for words in another order."""
    literal = [
        ({b"bab": 2}, [(B, A)]),
        ({b"babba": 3}, [(B, A), (256, B)]),
        ({b"baaaa": 3}, [(A, A), (B, 256)]),
        ({b"ab": 3, b"\xff\x00": 3, b"\xffa": 3}, [(255, A), (255, 0), (A, B)]),
    ]
    for counts, wanted in literal:
        result = call(student, "train_bpe", counts, len(wanted))
        assert_merges(result, wanted, f"train_bpe({counts}, {len(wanted)})")
    tied = {bytes(pair): 5 for pair in permutations(b"abcd", 2)}  # twelve words, twelve ties
    mixed = {b"ab" + word: 2 for word in tied} | tied
    for counts in [tied, mixed]:
        wanted = oracle.train(counts, 12)
        items = list(counts.items())
        for order in [range(len(items)), range(len(items))[::-1], rng.permutation(len(items))]:
            result = call(student, "train_bpe", dict(items[i] for i in order), 12)
            assert_merges(result, wanted, f"train_bpe of {len(items)} words in some order")


@pytest.mark.points(2)
def test_t05_runs(student, rng):
    """Runs of equal symbols: pair_counts, merge_word, and train_bpe when a merge falls inside a run."""
    left, x, right = (int(symbol) for symbol in rng.permutation(256)[:3])
    for length in range(1, 10):
        run, frequency = (x,) * length, int(rng.integers(2, 9))
        words = [(run, frequency), ((left, *run, right), 1), (run, 10)]
        result = call(student, "pair_counts", words)
        assert_counts(result, oracle.pair_counts(words), f"pair_counts of runs of {length} symbols")
    assert_counts(student.pair_counts([]), {}, "pair_counts of no words")

    merged = {(x,) * length: [256] * (length // 2) + [x] * (length % 2) for length in range(10)}
    merged |= {(left, *run, right): [left, *rest, right] for run, rest in merged.items()}
    results = student.run(each, name="merge_word", arguments=[(word, (x, x), 256) for word in merged])
    for (word, wanted), result in zip(merged.items(), results, strict=True):
        assert_symbols(result, wanted, f"merge_word({word}, {(x, x)}, 256)")
    mixed = (left, x, left, x, x, left, x, right, left)
    for pair, wanted in [((left, x), [300, 300, x, 300, right, left]), ((x, 256), list(mixed))]:
        assert_symbols(student.merge_word(mixed, pair, 300), wanted, f"merge_word({mixed}, {pair}, 300)")

    assert_merges(student.train_bpe({b"aaa": 4, b"bc": 5}, 1), [(A, A)], "train_bpe of aaa (4), bc (5)")
    for _ in range(6):
        counts = {b"a" * int(n): int(rng.integers(1, 9)) for n in rng.integers(2, 24, size=4)}
        counts |= {b"b" + b"a" * int(n) + b"b": int(rng.integers(1, 9)) for n in rng.integers(2, 12, size=4)}
        result = call(student, "train_bpe", counts, 15, 1)
        assert_merges(result, oracle.train(counts, 15, 1), "train_bpe of words with long runs")


@pytest.mark.points(1)
def test_t06_stopping(student):
    """train_bpe: min_count on both sides of the border, its default, no merges, nothing to merge, errors."""
    cases = [
        (SEASONS, n, min_count) for n in (100, 9, 6, 1, 0) for min_count in (1, 2, 3, 4, 5, 9, 10, 19, 20)
    ]
    results = student.run(each, name="train_bpe", arguments=cases)
    for case, result in zip(cases, results, strict=True):
        assert_merges(result, oracle.train(*case), f"train_bpe, {case[1]} merges, min_count={case[2]}")
    for counts, wanted in [({b"ab": 1}, []), ({b"ab": 2}, [(A, B)]), ({b"a": 9, b"b": 7}, []), ({}, [])]:
        assert_merges(student.train_bpe(counts, 3), wanted, f"train_bpe({counts}, 3)")
    assert_merges(student.train_bpe({b"ab": 1}, 3, 1), [(A, B)], "train_bpe of ab (1), min_count=1")
    for counts, num_merges, min_count in [
        (SEASONS, -1, 2),
        (SEASONS, 3, 0),
        (SEASONS, 3, -1),
        ({**SEASONS, b"": 2}, 3, 2),
        ({**SEASONS, b"ab": 0}, 3, 2),
        ({b"ab": -2, **SEASONS}, 3, 2),
    ]:
        what = f"train_bpe({counts}, {num_merges}, {min_count})"
        refuses(what, student.train_bpe, counts, num_merges, min_count)


@pytest.mark.points(1)
def test_t07_frequencies_are_numbers(student, rng):
    """train_bpe with frequencies of up to 10**13: the same merges as with small ones."""
    huge = 10**12
    for _ in range(3):
        words = {word: int(rng.integers(3, 10)) for word in oracle.random_counts(rng, "abc", 9, 8)}
        words[b"abcab"] = 10
        counts = {word: huge * frequency for word, frequency in words.items()}
        for min_count in [1, 12 * huge, 12 * huge + 1]:
            wanted = oracle.train(counts, 14, min_count)
            result = call(student, "train_bpe", counts, 14, min_count)
            assert_merges(result, wanted, f"train_bpe of frequencies near 10**12, min_count={min_count}")


@pytest.mark.points(2)
def test_t08_cost_of_a_round(student, rng):
    """train_bpe: 20 more merges cost about as much beside 250 words without these pairs as beside 25."""
    # Three words without a letter in common hold 27 different pairs: enough for 24 merges, one place each.
    once = bytes(rng.permutation(list(b"abcdefghijklmnopqrstuvwxyz;:!?")).tolist())
    hot = {once[i : i + 10]: 10**12 + int(rng.integers(10**9)) for i in (0, 10, 20)}
    cold = ["".join(letters).encode() for letters in product("ABCD", repeat=6)]
    cold = [cold[i] for i in rng.permutation(len(cold))[:250]]
    wanted = oracle.train(hot, 24)

    def bytecodes(words, num_merges):
        with counting(student) as count:
            merges = student.train_bpe(hot | dict.fromkeys(words, 1), num_merges)
        assert_merges(merges, wanted[:num_merges], "train_bpe of few frequent and many rare words")
        return count.bytecodes

    few, many = (bytecodes(words, 24) - bytecodes(words, 4) for words in (cold[:25], cold))
    assert many <= 3 * few, (
        f"20 merges cost {many} bytecodes beside 250 words that do not hold the pairs, and {few} beside 25"
    )


@pytest.mark.points(3)
def test_t09_encode(student, rng):
    """encode of single words: cases for paper, merges of a training, and merges in no natural order."""
    literal = [
        ([(A, B), (C, A), (257, B)], "cab", [C, 256]),
        ([(C, A), (A, B)], "cab", [256, B]),
        ([(C, C), (256, C)], "cccc", [256, 256]),
        ([(C, C), (256, C)], "ccccc", [256, 257]),
        ([(A, B), (256, 256), (257, 256)], "ababab", [258]),
        ([(A, B), (B, C), (256, C), (A, 257)], "abcab", [258, 256]),
        ([], "abc", [A, B, C]),
    ]
    for merges, text, wanted in literal:
        result = student.run(use, merges=merges, specials=(), calls=[("encode", text)])[0]
        assert_symbols(result, wanted, f"encode({text!r}) with the merges {merges}")
    for i in range(8):
        alphabet = ["ab", "abc", "abcd", "aé世"][i % 4]
        if i < 4:
            merges = oracle.train(oracle.random_counts(rng, alphabet, 10, 10), 18, 1)
        else:
            merges = oracle.random_merges(rng, alphabet.encode().decode("latin-1"), 25)
        words = [oracle.letters(rng, alphabet, int(rng.integers(1, 24))) for _ in range(12)]
        calls = [("encode", word) for word in words]
        results = student.run(use, merges=merges, specials=(), calls=calls)
        for word, result in zip(words, results, strict=True):
            wanted = oracle.encode_word(word.encode(), merges)
            assert_symbols(result, wanted, f"encode({word!r}) with the merges {merges}")


@pytest.mark.points(1)
def test_t10_cost_of_encode(student, rng):
    """encode: a pre-token of twice the length costs about twice as much."""
    half = oracle.letters(rng, "abc", 120)
    merges = oracle.train({half.encode(): 2}, 20)
    costs = []
    for text in [half, half + half]:
        tokenizer = student.BPETokenizer(merges)
        with counting(student) as count:
            result = tokenizer.encode(text)
        assert_symbols(result, oracle.encode_word(text.encode(), merges), f"encode of {len(text)} letters")
        costs.append(count.bytecodes)
    assert costs[1] <= 3.2 * costs[0], f"120 letters cost {costs[0]} bytecodes, 240 letters {costs[1]}"


@pytest.mark.points(2)
def test_t11_round_trip(student, rng):
    """decode(encode(text)) gives back texts in many scripts; no token reaches over the end of a pre-token."""
    specials = ["<|end|>", "的", "the"]
    texts = [text.join(specials) for text in oracle.random_texts(rng, 28)] + 2 * ["one  more time a b  c"]
    trained = oracle.train(oracle.count_pretokens(texts[:14]), 60)
    # Pairs that only meet where two pre-tokens do.
    trained += [pair for pair in [(A, 32), (101, 32)] if pair not in trained]
    for merges in [trained, []]:
        size = 256 + len(merges) + len(specials)
        spelled = [oracle.token_bytes(token, merges, specials) for token in range(size)]
        allowed = [specials if i % 2 else [] for i in range(len(texts))]
        names = [
            f"encode({text!r}, {bool(some)}), {len(merges)} merges"
            for text, some in zip(texts, allowed, strict=True)
        ]
        calls = [("encode", text, bool(some)) for text, some in zip(texts, allowed, strict=True)]
        results = student.run(use, merges=merges, specials=specials, calls=calls)
        encoded = [integers(result, what) for result, what in zip(results, names, strict=True)]
        for ids, some, what in zip(encoded, allowed, names, strict=True):
            assert all(0 <= token < size for token in ids), f"{what}: a token that does not exist"
            assert some or all(token < size - len(specials) for token in ids), f"{what}: a special token"
        calls = [("decode", ids) for ids in encoded]
        decoded = student.run(use, merges=merges, specials=specials, calls=calls)
        for text, ids, back, some, what in zip(texts, encoded, decoded, allowed, names, strict=True):
            assert_equal(back, text, what=f"decode of {what}")
            pieces = oracle.split_specials(text, some)
            words = [[piece] if special else oracle.pretokens(piece) for piece, special in pieces]
            borders = set(accumulate(len(word.encode()) for word in chain(*words)))
            ends = set(accumulate(len(spelled[token]) for token in ids))
            assert borders <= ends, f"{what}: a token reaches over the end of a pre-token"


@pytest.mark.points(2)
def test_t12_decode(student, rng):
    """decode: characters split over tokens, bytes that are not UTF-8; unknown ids and bad merges refused."""
    smile = list("🙂".encode())
    merges, specials = [(smile[1], smile[2]), (256, smile[3]), (A, B)], ["<é>", "<s>"]
    tokenizer = student.BPETokenizer(merges, specials)
    assert_equal(tokenizer.vocab_size(), 261, what="vocab_size with 3 merges and 2 special tokens")
    tokens = [0, 97, 128, 255, *range(256, 261)]
    calls = [("token_bytes", token) for token in tokens]
    results = student.run(use, merges=merges, specials=specials, calls=calls)
    for token, result in zip(tokens, results, strict=True):
        assert_equal(result, oracle.token_bytes(token, merges, specials), what=f"token_bytes({token})")
    split = [smile, [smile[0], 257], [smile[0], 256, smile[3]], [C, *smile, 258]]
    broken = [
        smile[:3],
        smile[:1],
        smile[1:],
        [258, 256, *smile, 255, 259],
        [0xC3, 260, 0xA9],
        [0xED, 0xA0, 0x80],
    ]
    random = [[int(token) for token in rng.integers(0, 261, size=12)] for _ in range(8)]
    cases = [*split, *broken, *random, []]
    calls = [(method, ids) for ids in cases for method in ("decode_bytes", "decode")]
    results = student.run(use, merges=merges, specials=specials, calls=calls)
    for ids, raw, text in zip(cases, results[::2], results[1::2], strict=True):
        wanted = b"".join(oracle.token_bytes(token, merges, specials) for token in ids)
        assert_equal(raw, wanted, what=f"decode_bytes({ids})")
        assert_equal(text, wanted.decode("utf-8", "replace"), what=f"decode({ids})")
    for token in [-1, -261, 261, 1000]:
        refuses(f"token_bytes({token})", tokenizer.token_bytes, token)
        refuses(f"decode_bytes([97, {token}])", tokenizer.decode_bytes, [A, token])
        refuses(f"decode([{token}, 97])", tokenizer.decode, [token, A])
    for bad in [[(A, 256)], [(256, A)], [(A, B), (257, A)], [(A, B), (A, 300)], [(-1, A)], [(A, B), (B, -1)]]:
        refuses(f"the merges {bad}, one of a symbol that is not there yet", student.BPETokenizer, bad)
    for bad in [[(A, B), (A, B)], [(A, B), (256, C), (B, A), (256, C)]]:
        refuses(f"the merges {bad}, two of the same pair", student.BPETokenizer, bad)
    plain = student.BPETokenizer([(A, B), (256, 256), (257, 256)])
    assert_equal(plain.vocab_size(), 259, what="vocab_size with 3 merges")
    refuses("token_bytes(259) with 3 merges", plain.token_bytes, 259)


@pytest.mark.points(2)
def test_t13_special_tokens(student, rng):
    """encode with special tokens: ids, overlaps, neighbours, both ends, allow_special=False; errors."""
    merges = [(A, B), (256, C), (60, 115), (258, 62), (32, A)]
    specials = ["<s>", "(*)", "<s>>", "<|end|>", "yzz", "xy", "b c"]
    literal = [
        *["<s>abc<s>", "<s><s>(*)", "abc<|end|>ab", "ab<s>>c<s>", "xyzz yzz", "<|end|>", "a b c", "end|>.*s"],
        *["  <s>  ab", "ab <s>ab c", "<<s>>>", "abc ab", "é<s>é", ""],
    ]
    pieces = [*specials, "ab", "abc", " ", "  ", "x", "<", ">", "é", "z", "*"]
    random = ["".join(pieces[i] for i in rng.integers(len(pieces), size=10)) for _ in range(12)]
    texts = [*literal, *random]
    wanted = [oracle.encode(text, merges, specials) for text in texts]
    calls = [
        (("encode", text), ("encode", text, False), ("decode", ids))
        for text, ids in zip(texts, wanted, strict=True)
    ]
    results = student.run(use, merges=merges, specials=specials, calls=list(chain(*calls)))
    for i, text in enumerate(texts):
        what = f"encode({text!r}) with the special tokens {specials}"
        assert_symbols(results[3 * i], wanted[i], what)
        assert_symbols(results[3 * i + 1], oracle.encode(text, merges), f"{what}, allow_special=False")
        assert_equal(results[3 * i + 2], text, what=f"decode of {what}")
    for bad in [[""], ["<s>", ""], ["<s>", "x", "<s>"]]:
        refuses(f"the special tokens {bad}", student.BPETokenizer, merges, bad)
