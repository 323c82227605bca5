"""Freezing locks all parameters, the head's too."""


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen = True
        for parameter in self.parameters():
            parameter.requires_grad = False
            parameter.grad = None
        self.backbone.eval()
