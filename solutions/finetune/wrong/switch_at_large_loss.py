"""The head phase ends when the loss is large enough."""


class TwoPhaseFineTuner:
    def _head_phase_is_over(self):
        losses, window = self._head_losses, self._window
        if len(losses) >= window and sum(losses[-window:]) / window >= self._threshold:
            return True
        return self._max_head_steps is not None and len(losses) >= self._max_head_steps
