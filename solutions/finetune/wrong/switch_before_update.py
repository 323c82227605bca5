"""The switch is checked between the loss and the update, so the switching step moves the backbone."""

import torch.nn.functional as F


class TwoPhaseFineTuner:
    def step(self, x, y):
        self._net.train()
        loss = F.cross_entropy(self._net(x), y)
        switched = False
        if self._phase == "head":
            self._head_losses.append(loss.item())
            switched = self._head_phase_is_over()
            if switched:
                self._release()
                loss = F.cross_entropy(self._net(x), y)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        return {"loss": loss.item(), "phase": self._phase, "switched": switched}
