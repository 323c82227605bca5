"""At the switch the backbone joins with the learning rate of the head."""


class TwoPhaseFineTuner:
    def _release(self):
        self._net.unfreeze_backbone()
        for group in self._backbone_groups:
            self._optimizer.add_param_group(group | {"lr": self._optimizer.param_groups[0]["lr"]})
        self._phase = "full"
