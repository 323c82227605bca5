"""Public tests of gpt: small cases to try your code on. They carry no points."""

import math

import numpy as np
import torch


def names(*layers):
    """The weight and the bias of each layer."""
    return {f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")}


def test_p1_shapes_and_names(student):
    """The outputs and the state dict, without a task layer and with one."""
    ids = torch.tensor([[4, 0, 9], [1, 1, 10]])
    block = names(*(f"blocks.0.{layer}" for layer in ("attn.in_proj", "attn.out_proj", "mlp.fc", "mlp.proj")))
    block |= names("blocks.0.ln1", "blocks.0.ln2")
    for n_classes in (None, 4):
        model = student.GPT(11, 5, 8, 1, 2, 16, n_classes)
        outputs = model(ids)
        shapes = {name: tuple(value.shape) for name, value in outputs.items()}
        head = {} if n_classes is None else {"clf_logits": (2, 4)}
        assert shapes == {"hidden": (2, 3, 8), "lm_logits": (2, 3, 11)} | head
        entries = {"wte.weight", "wpe.weight"} | block | (names("clf") if n_classes else set())
        assert set(model.state_dict()) == entries


def test_p2_lm_loss(student):
    """The worked example of the handout; and uniform logits over 11 tokens cost ln 11."""
    ids = torch.tensor([[2, 0, 1, 0]])
    mask = torch.tensor([[True, True, True, False]])
    logits = torch.zeros(1, 4, 3, dtype=torch.float64)
    logits[0, 0, 0] = math.log(2)
    logits[0, 2] = torch.tensor([5.0, -5.0, 9.0])
    np.testing.assert_allclose(student.lm_loss(logits, ids, mask), 0.895880, atol=1e-6)

    uniform = torch.ones(2, 3, 11, dtype=torch.float64)
    ids = torch.tensor([[4, 0, 9], [1, 1, 10]])
    np.testing.assert_allclose(student.lm_loss(uniform, ids), 2.397895, atol=1e-6)


def test_p3_causality_at_one_position(student):
    """A change of the third token leaves the first two positions alone."""
    model = student.GPT(11, 5, 8, 2, 2, 16).double()
    one = model(torch.tensor([[4, 0, 9, 3]]))["hidden"].detach()
    other = model(torch.tensor([[4, 0, 8, 3]]))["hidden"].detach()
    np.testing.assert_allclose(other[0, :2], one[0, :2], atol=1e-12)
    assert (other[0, 2:] - one[0, 2:]).abs().max() > 1e-6


def test_p4_inputs_of_entailment(student):
    """Start, premise, delimiter, hypothesis, extract: the example of the handout."""
    sequences = student.task_inputs("entailment", [[5, 6], [7]], start=90, delim=91, extract=92, n_ctx=6)
    assert [list(sequence) for sequence in sequences] == [[90, 5, 6, 91, 7, 92]]


def test_p5_combined_loss(student):
    """A task loss of 0.6 and an LM loss of 3.0 give 2.1: logits 0 and ln(e^c - 1) cost c at the first."""
    clf_logits = torch.tensor([[0.0, math.log(math.expm1(0.6))]], dtype=torch.float64)
    lm_logits = torch.tensor([[[0.0, math.log(math.expm1(3.0))], [1.0, 2.0]]], dtype=torch.float64)
    losses = student.finetune_loss(clf_logits, torch.tensor([0]), lm_logits, torch.tensor([[1, 0]]))
    assert set(losses) == {"clf", "lm", "total"}
    np.testing.assert_allclose([losses["clf"], losses["lm"], losses["total"]], [0.6, 3.0, 2.1])


def test_p6_last_real_token(student):
    """Padding on the right, on the left, and none: the example of the handout."""
    mask = torch.tensor([[True, True, True, False, False], [False, False, True, True, True], [True] * 5])
    assert student.last_real_index(mask).tolist() == [2, 4, 4]
