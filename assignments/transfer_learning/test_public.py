"""Public tests of transfer_learning: small cases to try your code on. They carry no points."""

import numpy as np
import pytest
import torch


def double(values):
    """A float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def two_models():
    """The two state dicts of the handout."""
    source = {
        "module.enc.weight": torch.randn(2, 4),
        "module.enc.bias": torch.randn(2),
        "module.head.weight": torch.randn(10, 2),
        "module.pooler.weight": torch.randn(2, 2),
    }
    target = {
        "enc.weight": torch.zeros(2, 4),
        "enc.bias": torch.zeros(2),
        "norm.weight": torch.ones(2),
        "head.weight": torch.zeros(3, 2),
    }
    return source, target


def test_p1_another_head(student):
    """A head of ten classes does not go into one of three: the backbone is loaded, the head mismatched."""
    source, target = two_models()
    source = {name.removeprefix("module."): value for name, value in source.items()}
    state, report = student.transfer_state_dict(source, target)
    print(report)
    assert list(state) == list(target)
    assert report == {
        "loaded": ["enc.bias", "enc.weight"],
        "mismatched": ["head.weight"],
        "missing": ["norm.weight"],
        "excluded": [],
        "unexpected": ["pooler.weight"],
    }
    np.testing.assert_array_equal(state["enc.weight"], source["enc.weight"])
    np.testing.assert_array_equal(state["head.weight"], target["head.weight"])
    _, report = student.transfer_state_dict(source, target, exclude=["head"])
    assert report["excluded"] == ["head.weight"]
    assert report["mismatched"] == []


def test_p2_module_stripped(student):
    """Names that begin with "module." fit nothing, until they are renamed."""
    source, target = two_models()
    with pytest.raises(ValueError):
        student.transfer_state_dict(source, target)
    state, report = student.transfer_state_dict(source, target, rename={"module": ""})
    assert report["loaded"] == ["enc.bias", "enc.weight"]
    assert report["unexpected"] == ["pooler.weight"]
    np.testing.assert_array_equal(state["enc.bias"], source["module.enc.bias"])


def test_p3_embeddings(student):
    """From the vocabulary [a, b] to [b, c]: b keeps its row, c starts at the mean of both."""
    weight, new = student.transfer_embeddings(["a", "b"], double([[1.0, 2.0], [3.0, 6.0]]), ["b", "c"])
    np.testing.assert_allclose(weight, [[3.0, 6.0], [2.0, 4.0]])
    assert new == ["c"]


def test_p4_verdict(student):
    """Four seeds on which transfer is worse, by more than twice the standard error."""
    verdict = student.transfer_verdict([0.70, 0.72, 0.69, 0.71], [0.75, 0.76, 0.74, 0.77])
    np.testing.assert_allclose(verdict["gain"], -0.05)
    np.testing.assert_allclose(verdict["stderr"], 0.004082, atol=1e-6)
    assert verdict["verdict"] == "negative"


def test_p5_probe(student):
    """Two rows with the features 1 and 3, one of each class."""
    weight, bias = student.linear_probe(double([[1.0], [3.0]]), torch.tensor([0, 1]), 2, 1.0)
    np.testing.assert_allclose(weight, [[-0.25, 0.25]])
    np.testing.assert_allclose(bias, [1.0, 0.0], atol=1e-12)


def test_p6_fine_tuning(student):
    """Two steps from 1 towards 2, without and with a pull back to 1."""
    x, y = double([[1.0], [2.0]]), double([2.0, 4.0])
    for l2_sp, expected in [(0.0, 1.4375), (0.5, 1.425)]:
        w = student.fine_tune_linear(double([1.0]), x, y, lr=0.1, steps=2, l2_sp=l2_sp)
        np.testing.assert_allclose(w, [expected])


def test_p7_few_shot_gap(student):
    """A start from 1 is better than one from 0, a start from 5 is worse."""
    x, y = double([[1.0], [2.0]]), double([2.0, 4.0])
    for start, transfer, gain in [(1.0, 0.31640625, 0.94921875), (5.0, 2.84765625, -1.58203125)]:
        result = student.few_shot_gap(double([start]), x, y, x[:1], y[:1], lr=0.1, steps=2)
        np.testing.assert_allclose(result["scratch"], 1.265625)
        np.testing.assert_allclose(result["transfer"], transfer)
        np.testing.assert_allclose(result["gain"], gain)
