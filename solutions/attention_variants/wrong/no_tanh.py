"""Additive scores without the tanh: v^T (W_q q + W_k k)."""


class AdditiveScore:
    def forward(self, q, k):
        return (q @ self.W_q.T)[:, :, None] @ self.v + (k @ self.W_k.T)[:, None] @ self.v
