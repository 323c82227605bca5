"""Public tests of capstone_mt: small cases to try your code on. They carry no points.

`pytest -s` also shows how well your translator does on 50 sentences of language A (a few seconds).
"""

import numpy as np
import pytest
import torch
from toy_language import ToyLanguage

torch.set_num_threads(1)  # as in the grading; more would be slower for so small a model
LANGUAGE_A = ToyLanguage(seed=1, order="reverse", marker_side="prefix")


def test_p1_bleu_clips_and_takes_the_geometric_mean(student):
    """The worked example of the handout: p1 = 5/6, p2 = 3/5, and no 4-gram is matched."""
    hyps, refs = ["the cat sat on the mat"], ["the cat is on the mat"]
    np.testing.assert_allclose(student.corpus_bleu(hyps, refs, 2), 0.707107, atol=1e-6)
    assert student.corpus_bleu(hyps, refs, 4) == 0.0


def test_p2_bleu_punishes_what_is_too_short(student):
    """All that is there is right, but a word is missing: exp(1 - 3/2)."""
    np.testing.assert_allclose(student.corpus_bleu(["the cat"], ["the cat sat"], 2), 0.606531, atol=1e-6)
    with pytest.raises(ValueError):
        student.corpus_bleu(["the cat"], [])


def test_p3_training_reduces_the_loss(student):
    """Thirty steps on language A: on_step hears of each of them, and the loss falls."""
    steps = []

    def on_step(step, loss, n_pairs):
        steps.append((step, loss, n_pairs))

    student.train_translator(LANGUAGE_A.pairs(300, seed=1), seed=1, max_steps=30, on_step=on_step)
    assert 1 <= len(steps) <= 30
    assert [int(step) for step, _, _ in steps] == list(range(1, len(steps) + 1))
    assert max(int(n_pairs) for _, _, n_pairs in steps) <= 64
    losses = [float(loss) for _, loss, _ in steps]
    assert losses[-1] < 0.9 * losses[0]


def test_p4_tokenizer_round_trip(student):
    """Whatever the text, detokenize gives back what tokenize was given."""
    translator = student.train_translator(LANGUAGE_A.pairs(300, seed=1), seed=1, max_steps=1)
    for text in ["", "dula kapen", "  two  blanks ", "Straße, naïve\n", "翻译 👍"]:
        ids = [int(token) for token in translator.tokenize(text)]
        assert translator.detokenize(ids) == text
        assert translator.detokenize([*ids, int(translator.eos_id())]) == text
        assert all(0 <= token < int(translator.vocab_size()) for token in ids)


def test_p5_exact_match_on_language_a(student):
    """A whole training. Prints the share of 50 sentences that are right; any share passes."""
    translator = student.train_translator(LANGUAGE_A.pairs(3000, seed=1), seed=1)
    pairs = LANGUAGE_A.pairs(50, seed=2)
    translations = translator.translate_batch([source for source, _ in pairs])
    right = sum(text == target for text, (_, target) in zip(translations, pairs, strict=True))
    print(f"\n{right} of {len(pairs)} sentences of language A are translated without a mistake")
    for text, (source, target) in list(zip(translations, pairs, strict=True))[:5]:
        print(f"  {source!r} -> {text!r}, " + ("right" if text == target else f"not {target!r}"))
    assert len(translations) == len(pairs)
