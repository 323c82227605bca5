"""Public tests of elmo: small cases to try your code on. They carry no points."""

import math

import numpy as np
import torch


def test_p1_shapes(student):
    """V = 7, d = 6, L = 2, two sentences of up to four tokens."""
    tokens = torch.tensor([[0, 3, 5, 1], [0, 4, 1, 1]])
    mask = torch.tensor([[True, True, True, True], [True, True, True, False]])
    result = student.BiLM(7, 6, 2)(tokens, mask)
    print({name: tuple(value.shape) for name, value in result.items()})
    assert result["layers"].shape == (3, 2, 4, 12)
    assert result["logits_f"].shape == result["logits_b"].shape == (2, 4, 7)
    outputs = student.ElmoFeatures(7, 6, 2, n_outputs=2)(tokens, mask)
    assert [tuple(output.shape) for output in outputs] == [(2, 4, 12), (2, 4, 12)]


def test_p2_mix_of_two_layers(student):
    """The worked example of the handout: the shares are 1/4 and 3/4."""
    mix = student.ScalarMix(2).double()
    scalars = torch.tensor([0.0, math.log(3.0)], dtype=torch.float64)
    mix.load_state_dict({"scalars": scalars, "gamma": torch.tensor([2.0])})
    mixed = mix(torch.tensor([[4.0, 0.0], [0.0, 8.0]], dtype=torch.float64))
    print(mixed)
    np.testing.assert_allclose(mixed.detach(), [2.0, 12.0])


def test_p3_uniform_logits(student):
    """Models that know nothing lose ln V for each prediction, padded or not."""
    logits, tokens = torch.zeros(2, 4, 5), torch.tensor([[0, 2, 3, 1], [4, 1, 0, 0]])
    mask = torch.tensor([[True, True, True, True], [True, True, False, False]])
    for arguments, count in [((), 12), ((mask,), 8)]:
        result = student.bilm_log_likelihood(logits, logits, tokens, *arguments)
        assert result["count"] == count
        np.testing.assert_allclose(result["loss"], math.log(5.0), rtol=1e-5)


def test_p4_padding_changes_nothing(student):
    """A sentence alone and the same one padded: equal at its tokens, zero at the padding."""
    model = student.BiLM(7, 6, 2)
    with torch.no_grad():
        alone = model(torch.tensor([[0, 3, 1]]))
        padded = model(torch.tensor([[0, 3, 1, 5, 5]]), torch.tensor([[True, True, True, False, False]]))
    np.testing.assert_allclose(padded["layers"][:, :, :3], alone["layers"], atol=1e-6)
    assert not padded["layers"][:, :, 3:].any()
    np.testing.assert_allclose(padded["logits_f"][:, :3], alone["logits_f"], atol=1e-6)
    np.testing.assert_allclose(padded["logits_b"][:, :3], alone["logits_b"], atol=1e-6)


def test_p5_likelihood_of_three_tokens(student):
    """The worked example of the handout: 1/2 · 1/4 forward and 1/8 · 1/2 backward."""
    p_f = torch.tensor([[[1 / 2, 1 / 2], [3 / 4, 1 / 4], [1 / 2, 1 / 2]]], dtype=torch.float64)
    p_b = torch.tensor([[[1 / 2, 1 / 2], [1 / 8, 7 / 8], [1 / 2, 1 / 2]]], dtype=torch.float64)
    result = student.bilm_log_likelihood(p_f.log(), p_b.log(), torch.tensor([[0, 1, 1]]))
    print(result)
    np.testing.assert_allclose(result["forward"], [-2.079442], atol=1e-6)
    np.testing.assert_allclose(result["backward"], [-2.772589], atol=1e-6)
    np.testing.assert_allclose(result["joint"], -4.852030, atol=1e-6)
    assert result["count"] == 4
    np.testing.assert_allclose(result["loss"], 1.213008, atol=1e-6)
