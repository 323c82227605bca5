"""The pooler reads a detached state, so fine-tuning can train nothing below it."""

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
        pooled = torch.tanh(self.pooler(states[-1][:, 0].detach()))
        return {
            "hidden_states": torch.stack(states),
            "last_hidden": states[-1],
            "pooled": pooled,
            "nsp_logits": self.nsp(pooled),
        }
