"""The tuner trains a copy of the net."""

import copy

import torch


class TwoPhaseFineTuner:
    def __init__(
        self, net, *, momentum=0.9, weight_decay=0.0, loss_threshold, window=1, max_head_steps=None, **rates
    ):
        _check_settings(momentum, window, max_head_steps)  # noqa: F821  of the reference
        net = copy.deepcopy(net)
        groups = _groups_with_parameters(net, weight_decay=weight_decay, **rates)  # noqa: F821  of the reference
        net.freeze_backbone()
        self._net = net
        self._optimizer = torch.optim.SGD(groups[:2], momentum=momentum)
        self._backbone_groups = groups[2:]
        self._threshold, self._window, self._max_head_steps = loss_threshold, window, max_head_steps
        self._phase = "head"
        self._head_losses = []
