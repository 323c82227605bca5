"""Freezing leaves the gradients of an earlier backward pass where they are."""


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen = True
        self.backbone.requires_grad_(False)
        self.backbone.eval()
