"""The pooler reads the mean of all real positions."""

import torch


class BertModel:
    def forward(self, input_ids, token_type_ids=None, attention_mask=None):
        if token_type_ids is None:
            token_type_ids = torch.zeros_like(input_ids)
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        mask = attention_mask.bool()
        self._check(input_ids, token_type_ids, mask)
        states = [self.embeddings(input_ids, token_type_ids)]
        for layer in self.layers:
            states.append(layer(states[-1], mask))
        real = mask[:, :, None].to(states[-1].dtype)
        pooled = torch.tanh(self.pooler((states[-1] * real).sum(dim=1) / real.sum(dim=1)))
        return {
            "hidden_states": torch.stack(states),
            "last_hidden": states[-1],
            "pooled": pooled,
            "nsp_logits": self.nsp(pooled),
        }
