"""max_head_steps ends the head phase only once the window is full."""


class TwoPhaseFineTuner:
    def _head_phase_is_over(self):
        losses, window = self._head_losses, self._window
        if len(losses) < window:
            return False
        if sum(losses[-window:]) / window <= self._threshold:
            return True
        return self._max_head_steps is not None and len(losses) >= self._max_head_steps
