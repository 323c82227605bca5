"""The whole net goes to evaluation mode when it is frozen, and nothing brings it back."""

import torch.nn.functional as F
from torch import nn


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen = True
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
            parameter.grad = None
        self.eval()

    def unfreeze_backbone(self):
        self._frozen = False
        self.backbone.requires_grad_(True)

    def train(self, mode=True):
        return nn.Module.train(self, mode and not self._frozen)


class TwoPhaseFineTuner:
    def step(self, x, y):
        loss = F.cross_entropy(self._net(x), y)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        report = {"loss": loss.item(), "phase": self._phase, "switched": False}
        if self._phase == "head":
            self._head_losses.append(loss.item())
            if self._head_phase_is_over():
                self._release()
                report["switched"] = True
        return report
