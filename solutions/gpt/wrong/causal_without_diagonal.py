"""The causal mask excludes the diagonal; a query without any key gets zeros."""


def _allowed_keys(mask):
    length = mask.shape[1]
    return mask.new_ones(length, length).tril(diagonal=-1) & mask[:, None, :]


class _CausalSelfAttention:
    def forward(self, x, allowed):
        q, k, v = self.in_proj(x).unflatten(-1, (3, self.n_head, -1)).permute(2, 0, 3, 1, 4)
        scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~allowed[:, None], -1e30)
        weights = scores.softmax(dim=-1) * allowed[:, None]
        return self.out_proj((weights @ v).transpose(1, 2).flatten(start_dim=2))
