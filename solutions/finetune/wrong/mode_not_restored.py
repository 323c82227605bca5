"""Unfreezing gives the gradients back, but leaves the backbone in evaluation mode until the next train()."""


class FineTuneNet:
    def unfreeze_backbone(self):
        self._frozen = False
        self.backbone.requires_grad_(True)
