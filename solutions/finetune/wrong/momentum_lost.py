"""A new optimiser is made at the switch; the head's momentum starts from zero again."""

import torch


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        momentum = self._optimizer.defaults["momentum"]
        groups = self._optimizer.param_groups + self._backbone_groups
        self._optimizer = torch.optim.SGD(groups, momentum=momentum)
        self._phase = "full"
