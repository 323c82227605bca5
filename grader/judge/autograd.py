"""Gradients across the wall: one autograd node whose backward is a message.

What a student's function returned joins the graph of the test as the output of this node; its inputs are the
tensors that the test passed. Needs torch, and is imported only once a reply carries a tensor that requires a
gradient.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd.function import once_differentiable

from grader.judge.faults import StudentFault
from grader.judge.remote import Peer
from grader.model.verdict import Verdict
from grader.wire.messages import Backward


class _RemoteCall(torch.autograd.Function):
    """Forward hands over the outputs that have arrived; backward asks the student's process."""

    @staticmethod
    def forward(
        ctx: Any,
        peer: Peer,
        call_id: int,
        outputs: list[torch.Tensor],
        anchor: torch.Tensor,
        *inputs: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        ctx.peer, ctx.call_id = peer, call_id
        ctx.inputs = [(tensor.shape, tensor.dtype) for tensor in inputs]
        ctx.set_materialize_grads(False)  # a missing gradient must stay missing
        return tuple(outputs)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *cotangents: torch.Tensor | None) -> Any:
        gradients = ctx.peer.ask(lambda id_: Backward(id_, ctx.call_id, list(cotangents)))
        return None, None, None, None, *_checked(gradients, ctx.inputs)


def attach(peer: Peer, call_id: int, value: Any, outputs: list[Any], inputs: list[Any]) -> Any:
    """`value` with its live `outputs` replaced by nodes of the test's graph; `inputs` are the test's own
    tensors."""
    # Without it, outputs of a module whose inputs need no gradient would not require one either.
    anchor = torch.zeros((), requires_grad=True)
    detached = [output.detach() for output in outputs]
    with torch.enable_grad():
        # torch does not type it
        nodes = _RemoteCall.apply(peer, call_id, detached, anchor, *inputs)  # type: ignore[no-untyped-call]  # torch
    return _replace(value, {id(output): node for output, node in zip(outputs, nodes, strict=True)})


def _replace(value: Any, nodes: dict[int, torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return nodes.get(id(value), value)
    if isinstance(value, list | tuple):
        return type(value)(_replace(element, nodes) for element in value)
    if isinstance(value, dict):
        return {key: _replace(element, nodes) for key, element in value.items()}
    return value


def _checked(gradients: Any, inputs: list[tuple[torch.Size, torch.dtype]]) -> list[torch.Tensor | None]:
    """What a student's process sends as gradients must fit, or autograd itself would be at its mercy."""
    fits = isinstance(gradients, list) and len(gradients) == len(inputs)
    for gradient, (shape, dtype) in zip(gradients if fits else [], inputs, strict=False):
        is_tensor = isinstance(gradient, torch.Tensor)
        fits = fits and (
            gradient is None or (is_tensor and gradient.shape == shape and gradient.dtype == dtype)
        )
    if not fits:
        raise StudentFault(Verdict.BAD_REPLY, "sent gradients that do not fit the inputs")
    return [None if gradient is None else gradient.detach() for gradient in gradients]
