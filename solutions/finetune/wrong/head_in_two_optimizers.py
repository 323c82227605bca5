"""The full phase has a second optimiser over all parameters beside the first: the head moves twice."""

import torch
import torch.nn.functional as F


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        momentum = self._optimizer.defaults["momentum"]
        copies = [{**group, "params": list(group["params"])} for group in self._optimizer.param_groups]
        self._second = torch.optim.SGD(copies + self._backbone_groups, momentum=momentum)
        self._phase = "full"

    def step(self, x, y):
        self._net.train()
        loss = F.cross_entropy(self._net(x), y)
        optimizers = [self._optimizer] if self._phase == "head" else [self._optimizer, self._second]
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        report = {"loss": loss.item(), "phase": self._phase, "switched": False}
        if self._phase == "head":
            self._head_losses.append(loss.item())
            if self._head_phase_is_over():
                self._release()
                report["switched"] = True
        return report

    def optimizer_groups(self):
        optimizers = [self._optimizer] if self._phase == "head" else [self._optimizer, self._second]
        keys = ("names", "lr", "weight_decay")
        groups = [group for optimizer in optimizers for group in optimizer.param_groups]
        return [{key: group[key] for key in keys} for group in groups]
