"""`phase` is read after the switch: the step that switches reports the phase of the next one."""

import torch.nn.functional as F


class TwoPhaseFineTuner:
    def step(self, x, y):
        self._net.train()
        loss = F.cross_entropy(self._net(x), y)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        switched = False
        if self._phase == "head":
            self._head_losses.append(loss.item())
            switched = self._head_phase_is_over()
            if switched:
                self._release()
        return {"loss": loss.item(), "phase": self._phase, "switched": switched}
