"""Public tests of hybrid: small cases to try your code on. They carry no points."""

import math

import numpy as np
import torch

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
CORPUS = [["the", "cat", "sat"], ["the", "cat", "ran"], ["a", "axolotl", "sat"]]
WORDS = [*SPECIALS, "cat", "sat", "the"]
CHARS = [*SPECIALS, *"acehlnorstx"]


def test_p1_vocabulary(student):
    """The worked example of the handout: three words are kept, the characters of all are."""
    words, chars = student.build_vocab(CORPUS, max_words=3)
    assert list(words) == WORDS
    assert list(chars) == CHARS

    words, chars = student.build_vocab([["a", "b", "a"]], max_words=1)
    assert list(words) == [*SPECIALS, "a"]
    assert list(chars) == [*SPECIALS, "a", "b"]


def test_p2_one_known_and_one_unknown_word(student):
    """The worked example of the handout: `f` occurs in no word of the corpus."""
    encoded = student.encode_sentence(["the", "fox"], WORDS, CHARS)
    assert set(encoded) == {"word_ids", "char_ids", "lengths"}
    np.testing.assert_array_equal(encoded["word_ids"], [6, 1])
    np.testing.assert_array_equal(encoded["char_ids"], [[0, 0, 0, 0, 0], [2, 1, 10, 14, 3]])
    np.testing.assert_array_equal(encoded["lengths"], [0, 5])

    encoded = student.encode_sentence(["the", "fox"], WORDS, CHARS, max_chars=4)
    np.testing.assert_array_equal(encoded["char_ids"], [[0, 0, 0, 0], [2, 1, 10, 3]])


def test_p3_shape_padding_and_a_known_word(student):
    """`the fox <pad>`: three vectors, the first a row of the table, the last zeros."""
    module = student.HybridEmbedding(7, 15, 8, 4)
    char_ids = torch.tensor([[[0, 0, 0, 0, 0], [2, 1, 10, 14, 3], [0, 0, 0, 0, 0]]])
    vectors = module(torch.tensor([[6, 1, 0]]), char_ids, torch.tensor([[0, 5, 0]]))
    assert vectors.shape == (1, 3, 8)
    with torch.no_grad():
        np.testing.assert_array_equal(vectors[0, 0], module.state_dict()["word_emb.weight"][6])
        assert vectors[0, 1].abs().sum() > 0
        assert vectors[0, 2].abs().sum() == 0


def test_p4_loss_of_two_words(student):
    """The worked example of the handout: a known word, a rare one, and padding."""
    word_logits = torch.tensor([[0.1, 0.1, 0.2, 0.1, 0.5], [0.1, 0.02, 0.08, 0.3, 0.5], [0.2] * 5]).log()
    char_logits = torch.tensor([[[0.2, 0.2, 0.2, 0.3, 0.1], [0.19, 0.3, 0.3, 0.01, 0.2], [0.2] * 5]]).log()
    targets, char_targets = torch.tensor([4, 1, 0]), torch.tensor([[4, 3, 0]])
    loss = student.hybrid_loss(word_logits, targets, char_logits, char_targets)
    np.testing.assert_allclose(float(loss["word"]), 2.302585, atol=1e-5)
    np.testing.assert_allclose(float(loss["char"]), 3.453878, atol=1e-5)
    np.testing.assert_allclose(float(loss["total"]), 5.756463, atol=1e-5)


def test_p5_probability_of_a_rare_word(student):
    """p(<unk>) = 0.02 and p(characters) = 0.001 make 0.00002; a known word needs no characters."""
    log_probs = [math.log(p) for p in (0.01, 0.02, 0.01, 0.16, 0.3, 0.2, 0.3)]
    rare = student.word_log_prob("fox", log_probs, WORDS, lambda word: math.log(0.001))
    np.testing.assert_allclose(rare, math.log(0.00002))
    known = student.word_log_prob("cat", log_probs, WORDS, lambda word: 0.0)
    np.testing.assert_allclose(known, math.log(0.3))


def test_p6_writing_a_sentence(student):
    """A character model that knows one word, and a sentence with one <unk>."""
    spelling = [13, 4, 14, 3]  # t a x </s>

    def step(prefix):
        return [0.0 if char == spelling[len(prefix) - 1] else -9.0 for char in range(len(CHARS))]

    assert list(student.char_greedy(step)) == [13, 4, 14]
    sentence = student.respell([2, 6, 1, 5, 3, 1], WORDS, lambda t: f"word {t}")
    assert list(sentence) == ["the", "word 2", "sat"]
