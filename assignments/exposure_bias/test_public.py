"""Public tests of exposure_bias: small cases to try your code on. They carry no points."""

import numpy as np

BOS, EOS, A, B = 0, 1, 2, 3

# Logits of the next word after each word; the columns are BOS, EOS, A, B.
TABLE = {
    BOS: [-9.0, 0.0, 2.0, 1.0],
    A: [-9.0, 1.0, 0.0, 2.0],
    B: [-9.0, 2.0, 1.0, 0.0],
}


def step_fn(state, token):
    """The model of the handout's example. Its state is the list of all words fed so far."""
    fed = [*state, int(token)]
    return fed, np.array(TABLE[fed[-1]])


def test_p1_decoder_inputs(student):
    """A target of two words, EOS and PAD, moved right by one position."""
    inputs = student.decoder_inputs(np.array([[5, 6, 2, 0]]), bos_id=1)
    np.testing.assert_array_equal(inputs, [[1, 5, 6, 2]])


def test_p2_uniform_logits(student):
    """Equal logits for four words give the loss ln 4, however much padding there is."""
    target = np.array([[3, 1, 2], [2, 0, 0]])
    np.testing.assert_allclose(student.masked_nll(np.zeros((2, 3, 4)), target, pad_id=0), 1.386294, atol=1e-6)


def test_p3_inverse_sigmoid_decay(student):
    """The schedule with mu = 12 at three epochs; it does not start at 1."""
    p = [student.inverse_sigmoid_decay(e, 12) for e in (0, 12, 24)]
    np.testing.assert_allclose(p, [0.923077, 0.815313, 0.618906], atol=1e-6)


def test_p4_expected_errors(student):
    """Three words: 0.1 + 0.14 + 0.156 free-running, three times 0.1 teacher-forced."""
    np.testing.assert_allclose(student.expected_errors(3, 0.1, 0.5, False), 0.396, atol=1e-12)
    np.testing.assert_allclose(student.expected_errors(3, 0.1, 0.5, True), 0.3, atol=1e-12)


def test_p5_greedy_decode(student):
    """Free running on the handout's table: A, B and EOS, one call of step_fn each."""
    states = []

    def logged(state, token):
        states.append(state)
        return step_fn(state, token)

    words = student.greedy_decode(logged, [], BOS, EOS, max_len=8)
    assert [int(word) for word in words] == [A, B, EOS]
    assert states == [[], [BOS], [BOS, A]]


def test_p6_scheduled_decode(student):
    """The handout's example: the first coin is 0.7 (oracle word A), the second 0.2 (reference word B)."""
    target, u_mix = np.array([B, B, EOS]), np.array([0.7, 0.2, 0.9])
    logits, inputs = student.scheduled_decode(step_fn, [], target, BOS, 0.5, u_mix)
    np.testing.assert_array_equal(inputs, [BOS, A, B])
    np.testing.assert_allclose(logits, [TABLE[BOS], TABLE[A], TABLE[B]])


def test_p7_force_decode(student):
    """Three words although the model would stop after two: A, B, then the best word other than EOS."""
    words = student.force_decode(step_fn, [], BOS, EOS, length=3)
    assert [int(word) for word in words] == [A, B, A, EOS]


def test_p8_words_from_noise(student):
    """Gumbel noise of 1/2 and 1/e; noise changes the oracle word; a coin for each position."""
    noise = student.gumbel_noise(np.array([0.5, np.exp(-1)]))
    np.testing.assert_allclose(noise, [0.366513, 0.0], atol=1e-6)
    logits = np.array([[2.0, 1.0, 0.0]])
    np.testing.assert_array_equal(student.word_oracle(logits), [0])
    np.testing.assert_array_equal(student.word_oracle(logits, np.array([[0.1, 0.9, 0.5]])), [1])
    gold, own, coins = np.array([[5, 6, 7]]), np.array([[8, 8, 8]]), np.array([[0.2, 0.5, 0.9]])
    np.testing.assert_array_equal(student.mix_context(gold, own, 0.5, coins), [[5, 8, 8]])
