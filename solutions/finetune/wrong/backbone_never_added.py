"""The backbone is unfrozen at the switch, but no optimiser holds it."""


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        self._phase = "full"
