"""Every loss in the window must be below the threshold, instead of their mean."""


class TwoPhaseFineTuner:
    def _head_phase_is_over(self):
        losses, window = self._head_losses, self._window
        if len(losses) >= window and max(losses[-window:]) <= self._threshold:
            return True
        return self._max_head_steps is not None and len(losses) >= self._max_head_steps
