"""The groups of the backbone come before those of the head."""

import torch


def make_param_groups(shapes, *, lr_head, lr_backbone, weight_decay, head_prefix="head"):
    if not any(_belongs_to(name, head_prefix) for name in shapes):  # noqa: F821  of the reference
        raise ValueError(f"no parameter belongs to {head_prefix!r}")
    if min(lr_head, lr_backbone, weight_decay) < 0:
        raise ValueError("negative number")
    groups = []
    for in_head, lr in [(False, lr_backbone), (True, lr_head)]:
        for decayed, decay in [(True, weight_decay), (False, 0.0)]:
            names = sorted(
                name
                for name, shape in shapes.items()
                if _belongs_to(name, head_prefix) == in_head and (len(shape) >= 2) == decayed  # noqa: F821  of the reference
            )
            if names:
                groups.append({"names": names, "lr": lr, "weight_decay": decay})
    return groups


class TwoPhaseFineTuner:
    def __init__(
        self, net, *, momentum=0.9, weight_decay=0.0, loss_threshold, window=1, max_head_steps=None, **rates
    ):
        _check_settings(momentum, window, max_head_steps)  # noqa: F821  of the reference
        groups = _groups_with_parameters(net, weight_decay=weight_decay, **rates)  # noqa: F821  of the reference
        net.freeze_backbone()
        self._net = net
        self._optimizer = torch.optim.SGD(groups[-2:], momentum=momentum)
        self._backbone_groups = groups[:-2]
        self._threshold, self._window, self._max_head_steps = loss_threshold, window, max_head_steps
        self._phase = "head"
        self._head_losses = []
