"""Only the last loss is compared with the threshold, whatever the window."""


class TwoPhaseFineTuner:
    def _head_phase_is_over(self):
        losses = self._head_losses
        if losses[-1] <= self._threshold:
            return True
        return self._max_head_steps is not None and len(losses) >= self._max_head_steps
