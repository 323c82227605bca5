"""Public tests of bpe: small cases to try your code on. They carry no points."""

import pytest

CORPUS = {b"low": 5, b"lower": 2, b"widest": 3, b"newest": 6}


def pairs(merges):
    """Merges as tuples of ints, whatever kind of sequence they came in."""
    return [tuple(int(symbol) for symbol in merge) for merge in merges]


def ids(result):
    """Token ids as a list of ints."""
    return [int(token) for token in result]


def test_p1_four_merges(student):
    """The worked example of the handout: four merges, then two words that are in it and one that is not."""
    merges = pairs(student.train_bpe(CORPUS, 4))
    assert merges == [(115, 116), (101, 256), (111, 119), (108, 258)]
    tokenizer = student.BPETokenizer(merges)
    assert ids(tokenizer.encode("newest")) == [110, 101, 119, 257]
    assert ids(tokenizer.encode("slowest")) == [115, 259, 257]
    assert tokenizer.token_bytes(257) == b"est"


def test_p2_positions_overlap(student):
    """aaa holds (a, a) twice, so four times aaa outweighs five times bc; a merge replaces it once."""
    assert student.pair_counts([((97, 97, 97), 4), ((98, 99), 5)]) == {(97, 97): 8, (98, 99): 5}
    assert pairs(student.train_bpe({b"aaa": 4, b"bc": 5}, 1)) == [(97, 97)]
    assert tuple(student.merge_word((97, 97, 97), (97, 97), 256)) == (256, 97)


def test_p3_round_trip(student):
    """Text in several scripts comes back, with merges and without."""
    text = "héllo 世界 🙂"
    for merges in [[], [(195, 169), (228, 184), (257, 150)]]:
        tokenizer = student.BPETokenizer(merges)
        encoded = ids(tokenizer.encode(text))
        assert len(encoded) == len(text.encode()) - len(merges)
        assert tokenizer.decode(encoded) == text


def test_p4_merges_of_merges(student):
    """cccc becomes cc cc; the merge of cc with a single c finds nothing left to do."""
    tokenizer = student.BPETokenizer([(99, 99), (256, 99)])
    assert ids(tokenizer.encode("cccc")) == [256, 256]


def test_p5_special_tokens(student):
    """A special token separates its neighbours, and its id comes after those of the merges."""
    assert student.count_pretokens(["a b<s>b", "a"], ["<s>"]) == {b"a": 2, b" b": 1, b"b": 1}
    tokenizer = student.BPETokenizer([(97, 98)], ["<s>"])
    assert tokenizer.vocab_size() == 258
    assert ids(tokenizer.encode("ab<s>ab")) == [256, 257, 256]
    assert ids(tokenizer.encode("<s>", allow_special=False)) == [60, 115, 62]


def test_p6_pretokens(student):
    """The two examples of the handout."""
    assert list(student.pretokenize("the cat's  hat")) == ["the", " cat", "'", "s", " ", " hat"]
    assert list(student.pretokenize("a_b 12")) == ["a", "_", "b", " 12"]


def test_p7_errors(student):
    """A merge of a symbol that does not exist yet, and a token that does not exist."""
    with pytest.raises(ValueError):
        student.BPETokenizer([(97, 256)])
    tokenizer = student.BPETokenizer([(97, 98)])
    with pytest.raises(ValueError):
        tokenizer.decode([256, 257])
