"""Gradients across the wall: what a student computes joins the test's own graph."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from grader.judge.faults import StudentFault
from grader.judge.forkserver import ForkServer
from grader.judge.student import Student
from grader.judge.testing import grads
from grader.model.verdict import Verdict
from grader.wire.messages import Backward, Call, Loaded, Returned
from tests.judge.hand_played import play
from tests.judge.submitting import Peer, submitted

MODULE = """
import torch
from torch import nn

def square(x): return x ** 2
def mix(x, y=None, z=None): return x * 2 + (0 if y is None else y * 3)
def split(x): return {"a": x * 2, "b": [x * 3, x.detach()]}, 5
def same(x): return x
def detached(x): return x.detach()
def product(x, y): return (x * y).sum()
def wants(x): return x.requires_grad, torch.is_grad_enabled()
def spoil(x):
    with torch.no_grad(): x += 1
    return x * 2
def half(x): return x.bfloat16() * 2
def cat(xs): return torch.cat(xs)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.idle = nn.Linear(2, 1, bias=False), nn.Linear(2, 1, bias=False)
        with torch.no_grad():
            self.used.weight.copy_(torch.tensor([[1.0, 2.0]]))
        self.zero = nn.Parameter(torch.ones(1))
    def forward(self, x): return self.used(x) + 0 * self.zero
"""


@pytest.fixture(scope="module")
def student(torch_server: ForkServer) -> Iterator[Student]:
    """The module above, with a long life."""
    with submitted(torch_server, MODULE, libraries=("torch",), test_seconds=300.0) as student:
        yield student


def leaf(*values: float) -> torch.Tensor:
    """A tensor that wants its gradient."""
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def backward(tensor: Any) -> None:
    """`tensor.sum().backward()`; torch does not type it."""
    torch.autograd.backward(tensor.sum())


def grad(tensor: torch.Tensor) -> list[float]:
    """What arrived."""
    assert tensor.grad is not None
    return list(tensor.grad.tolist())


def test_backward(student: Student) -> None:
    """Through operations of the test on either side of the call."""
    x = leaf(1, 2, 3)
    y = student.square(x * 2)
    assert y.tolist() == [4, 16, 36]
    assert y.requires_grad
    backward(y * 10)
    assert grad(x) == [80, 160, 240]


def test_keywords_and_arguments_without_gradient(student: Student) -> None:
    """None where an argument takes no part, a number where it does."""
    x, y, z = leaf(1, 2), leaf(3, 4), leaf(5, 6)
    backward(student.mix(x, y=y, z=z))
    assert (grad(x), grad(y), z.grad) == ([2, 2], [3, 3], None)


def test_several_outputs_in_containers(student: Student) -> None:
    """Each output may be used or not; what is detached stays detached."""
    x = leaf(1, 2)
    answer, number = student.split(x)
    assert number == 5
    assert not answer["b"][1].requires_grad
    backward(answer["b"][0])
    assert grad(x) == [3, 3]
    backward(answer["a"])
    assert grad(x) == [5, 5]  # accumulated, as torch does


def test_the_same_tensor_twice(student: Student) -> None:
    """Its gradient is the sum."""
    x = leaf(3)
    backward(student.product(x, x))
    assert grad(x) == [6]
    y = leaf(1, 2)
    backward(student.cat([y, y * 2]))
    assert grad(y) == [3, 3]


def test_the_input_itself(student: Student) -> None:
    """Returned as it is."""
    x = leaf(1, 2)
    backward(student.same(x) * 3)
    assert grad(x) == [3, 3]


def test_what_was_detached(student: Student) -> None:
    """A student who cuts the graph returns a tensor without gradient, and the test sees it."""
    assert not student.detached(leaf(1)).requires_grad
    with pytest.raises(RuntimeError, match="does not require grad"):
        backward(student.detached(leaf(1)))


def test_without_gradients(student: Student) -> None:
    """`torch.no_grad()` holds over there; without torch's say-so nothing is tracked."""
    assert student.wants(leaf(1)) == (True, True)
    assert student.wants(torch.ones(1)) == (False, True)
    with torch.no_grad():
        assert student.wants(leaf(1)) == (True, False)
        assert not student.square(leaf(1)).requires_grad


def test_repeated_backward(student: Student) -> None:
    """The student's graph is kept; where the test's own part is freed, torch says so."""
    x = leaf(2)
    y = student.square(x).sum()
    y.backward(retain_graph=True)
    y.backward(retain_graph=True)
    assert grad(x) == [8]
    once = student.square(x).exp()
    backward(once)
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        backward(once)


def test_torch_autograd_grad(student: Student) -> None:
    """Leaves nothing in `.grad`."""
    x = leaf(2)
    (found,) = torch.autograd.grad(student.square(x).sum(), [x])
    assert found.tolist() == [4]
    assert x.grad is None


def test_gradcheck(student: Student) -> None:
    """torch's own check of the student's derivative against differences."""
    assert torch.autograd.gradcheck(student.square, [leaf(0.5, -1.5)])
    assert torch.autograd.gradcheck(lambda x, y: student.product(x, y), [leaf(1, 2), leaf(3, 4)])


def test_second_derivatives_are_refused(student: Student) -> None:
    """In torch's words."""
    x = leaf(2)
    (first,) = torch.autograd.grad(student.square(x).sum(), [x], create_graph=True)
    assert not first.requires_grad
    (first,) = torch.autograd.grad((student.square(x) ** 2).sum(), [x], create_graph=True)
    with pytest.raises(RuntimeError, match="differentiate twice"):
        backward(first)


def test_other_dtypes(student: Student) -> None:
    """float32 in, bfloat16 out."""
    x = torch.ones(2, requires_grad=True)
    y = student.half(x)
    assert y.dtype == torch.bfloat16
    backward(y.float())
    assert grad(x) == [2, 2]


def test_changed_in_place(student: Student) -> None:
    """Seen for tensors too."""
    student.spoil(leaf(1, 2))
    assert student.last_call.changed == ("0",)


def test_parameters_of_a_module(student: Student) -> None:
    """None told from zero; input gradients beside them."""
    net = student.Net()
    assert grads(net) == {"zero": None, "used.weight": None, "idle.weight": None}
    x = torch.ones(3, 2, requires_grad=True)
    backward(net(x))
    found = grads(net)
    assert found["used.weight"].tolist() == [[3.0, 3.0]]
    assert found["zero"].tolist() == [0.0]
    assert found["idle.weight"] is None
    assert x.grad is not None
    assert x.grad.tolist() == [[1.0, 2.0]] * 3
    assert net.eval() is net
    assert net.training is False


def test_one_thread(student: Student, torch_server: ForkServer) -> None:
    """A pool of threads would not survive the fork: the zygote has none, its children start none."""
    assert torch_server._process is not None
    assert len(os.listdir(f"/proc/{torch_server._process.pid}/task")) == 1
    assert student.torch.get_num_threads() == 1


def test_a_parameter_that_is_read(student: Student) -> None:
    """An ordinary tensor with the parameter's values."""
    assert student.Net().used.weight.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        [torch.ones(2), torch.ones(2)],
        [torch.ones(3)],
        [torch.ones(2, dtype=torch.float32)],
        [torch.ones(2, 1, dtype=torch.float64)],
        [np.ones(2)],
        [[1.0, 1.0]],
        ["x"],
        {"0": torch.ones(2)},
    ],
    ids=repr,
)
def test_gradients_that_do_not_fit(reply: Any) -> None:
    """A peer that answers anything: a bad reply, never an error inside of autograd."""
    with play(answer_with(lambda: reply)) as student:
        y = student.f(leaf(1, 2))
        with pytest.raises(StudentFault) as caught:
            backward(y)
    assert caught.value.verdict is Verdict.BAD_REPLY
    assert str(caught.value) == "sent gradients that do not fit the inputs"


def test_gradients_that_claim_a_graph_of_their_own() -> None:
    """They are taken as plain numbers."""
    with play(answer_with(lambda: [leaf(5, 6)])) as student:
        x = leaf(1, 2)
        backward(student.f(x))
    assert grad(x) == [5, 6]
    assert x.grad is not None
    assert not x.grad.requires_grad


def answer_with(reply: Callable[[], Any]) -> Callable[[Peer], None]:
    """A script: a call returns a live tensor, its backward `reply`."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        while True:
            request = peer.receive()
            if isinstance(request, Call):
                peer.send(Returned(request.id, leaf(1, 2), 0))
            if isinstance(request, Backward):
                peer.send(Returned(request.id, reply(), 0))

    return script
