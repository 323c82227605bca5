"""When the loss rises above the threshold, the net is frozen and the head phase begins again."""

import torch.nn.functional as F


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        if len(self._optimizer.param_groups) == 2:
            for group in self._backbone_groups:
                self._optimizer.add_param_group(group)
        self._phase = "full"

    def step(self, x, y):
        self._net.train()
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
        elif loss.item() > self._threshold and self._max_head_steps is None:
            self._net.freeze_backbone()
            self._phase = "head"
        return report
