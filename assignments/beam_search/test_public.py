"""Public tests of `beam_search`: run `pytest` in this folder. No points; the hidden tests go further."""

import numpy as np
import pytest

BOS, EOS, A, B = 0, 1, 2, 3

# P(next token | last token); the columns are BOS, EOS, A, B.
TWO_WORDS = {
    BOS: [0.0, 0.1, 0.5, 0.4],
    A: [0.0, 0.4, 0.3, 0.3],
    B: [0.0, 0.9, 0.05, 0.05],
}


def two_word_model(prefixes):
    """The step_fn of the handout's example: log P(next token | last token), (n, 4)."""
    last = [int(prefix[-1]) for prefix in prefixes]
    assert EOS not in last, "step_fn was called with a prefix that ends in EOS"
    probabilities = np.array([TWO_WORDS[token] for token in last])
    return np.log(probabilities, where=probabilities > 0, out=np.full_like(probabilities, -np.inf))


def test_p1_worked_example(student):
    """Greedy search takes the likelier first word; a beam of two finds the likelier sentence."""
    tokens, score = student.greedy_search(two_word_model, BOS, EOS, max_len=4)
    assert [int(token) for token in tokens] == [A, EOS]
    np.testing.assert_allclose(score, -1.609438, atol=1e-6)

    result = student.beam_search(two_word_model, BOS, EOS, beam_width=2, max_len=4)
    assert len(result) == 1
    tokens, score = result[0]
    assert [int(token) for token in tokens] == [B, EOS]
    np.testing.assert_allclose(score, -1.021651, atol=1e-6)


def test_p2_top_k_extensions(student):
    """The three best of 2 x 3 extensions, jointly: one from the first row, two from the second."""
    scores = np.array([0.0, -1.0])
    log_probs = np.array([[-1.0, -2.0, -np.inf], [-0.5, -3.0, -0.25]])
    parents, tokens, new_scores = student.top_k_extensions(scores, log_probs, 3)
    np.testing.assert_array_equal(parents, [0, 1, 1])
    np.testing.assert_array_equal(tokens, [0, 2, 0])
    np.testing.assert_allclose(new_scores, [-1.0, -1.25, -1.5], atol=1e-12)


def test_p3_first_call(student):
    """The first call of step_fn asks for one row: the prefix [BOS]."""
    calls = []

    def step_fn(prefixes):
        calls.append(np.array(prefixes))
        return two_word_model(prefixes)

    student.beam_search(step_fn, BOS, EOS, beam_width=3, max_len=3)
    np.testing.assert_array_equal(calls[0], [[BOS]])


def test_p4_beam_of_one_is_greedy(student):
    """With beam_width = 1 beam search finds what greedy search finds, its score divided by length**alpha."""
    logits = np.random.default_rng(12).normal(size=(5, 5))
    logits[:, BOS] = -np.inf
    table = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def step_fn(prefixes):
        return table[np.array(prefixes)[:, -1]]

    tokens, raw = student.greedy_search(step_fn, BOS, EOS, max_len=6)
    [(beam_tokens, score)] = student.beam_search(step_fn, BOS, EOS, beam_width=1, max_len=6, alpha=0.5)
    assert [int(token) for token in beam_tokens] == [int(token) for token in tokens]
    np.testing.assert_allclose(score, raw / len(tokens) ** 0.5, atol=1e-10)


def test_p5_more_results_than_places(student):
    """A beam of two cannot return three hypotheses: ValueError."""
    with pytest.raises(ValueError):
        student.beam_search(two_word_model, BOS, EOS, beam_width=2, max_len=4, n_best=3)
