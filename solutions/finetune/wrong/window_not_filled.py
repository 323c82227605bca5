"""As long as there are fewer losses than the window holds, the mean of those is compared."""


class TwoPhaseFineTuner:
    def _head_phase_is_over(self):
        recent = self._head_losses[-self._window :]
        if sum(recent) / len(recent) <= self._threshold:
            return True
        return self._max_head_steps is not None and len(self._head_losses) >= self._max_head_steps
