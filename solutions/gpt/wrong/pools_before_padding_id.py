"""The task layer reads the token before the first 0, taking 0 for the padding."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class GPT:
    def forward(self, ids, mask=None):
        if mask is None:
            mask = torch.ones_like(ids, dtype=torch.bool)
        self._check(ids, mask)
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
        x = self.wte(ids) + self.wpe(positions)
        allowed = _allowed_keys(mask)
        for block in self.blocks:
            x = block(x, allowed)
        outputs = {"hidden": x, "lm_logits": x @ self.wte.weight.T}
        if self.clf is not None:
            last_real_index(mask)
            last = (ids == 0).int().argmax(dim=1) - 1  # -1, the last position, without any 0
            outputs["clf_logits"] = self.clf(x[torch.arange(len(x)), last])
        return outputs
