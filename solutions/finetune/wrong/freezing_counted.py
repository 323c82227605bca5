"""Each call to freeze_backbone asks for a call to unfreeze_backbone of its own."""


class FineTuneNet:
    def freeze_backbone(self):
        self._frozen += 1
        for parameter in self.backbone.parameters():
            parameter.requires_grad = False
            parameter.grad = None
        self.backbone.eval()

    def unfreeze_backbone(self):
        self._frozen = max(self._frozen - 1, 0)
        if not self._frozen:
            self.backbone.requires_grad_(True)
            self.backbone.train(self.training)

    def is_frozen(self):
        return self._frozen > 0
