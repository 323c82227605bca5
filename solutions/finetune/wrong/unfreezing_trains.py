"""Unfreezing puts the backbone in training mode, even if the net is in evaluation mode."""


class FineTuneNet:
    def unfreeze_backbone(self):
        self._frozen = False
        self.backbone.requires_grad_(True)
        self.backbone.train()
