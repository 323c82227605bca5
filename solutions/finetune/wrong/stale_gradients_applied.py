"""Frozen parameters are in the optimiser and keep gradients, of zeros: decay and momentum move them."""

import torch
import torch.nn.functional as F


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen = True
        self.backbone.requires_grad_(False)
        self.backbone.eval()


class TwoPhaseFineTuner:
    def __init__(
        self, net, *, momentum=0.9, weight_decay=0.0, loss_threshold, window=1, max_head_steps=None, **rates
    ):
        _check_settings(momentum, window, max_head_steps)  # noqa: F821  of the reference
        groups = _groups_with_parameters(net, weight_decay=weight_decay, **rates)  # noqa: F821  of the reference
        net.freeze_backbone()
        self._net = net
        self._optimizer = torch.optim.SGD(groups, momentum=momentum)
        self._backbone_groups = []
        self._threshold, self._window, self._max_head_steps = loss_threshold, window, max_head_steps
        self._phase = "head"
        self._head_losses = []

    def step(self, x, y):
        self._net.train()
        loss = F.cross_entropy(self._net(x), y)
        self._optimizer.zero_grad(set_to_none=False)
        loss.backward()
        self._optimizer.step()
        report = {"loss": loss.item(), "phase": self._phase, "switched": False}
        if self._phase == "head":
            self._head_losses.append(loss.item())
            if self._head_phase_is_over():
                self._release()
                report["switched"] = True
        return report
