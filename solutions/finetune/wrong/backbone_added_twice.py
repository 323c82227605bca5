"""At the switch the groups of the backbone are added twice, which torch refuses."""


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        for group in 2 * self._backbone_groups:
            self._optimizer.add_param_group(dict(group))
        self._phase = "full"
