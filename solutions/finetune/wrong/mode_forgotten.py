"""Freezing takes the gradients away and nothing else: BatchNorm and dropout go on as before."""

del FineTuneNet.train  # noqa: F821  of the reference


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen = True
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
            parameter.grad = None
