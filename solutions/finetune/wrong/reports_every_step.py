"""`switched` says that the net is in the full phase, not that this step switched."""

import torch.nn.functional as F


class TwoPhaseFineTuner:
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
        report["switched"] = self._phase == "full"
        return report
