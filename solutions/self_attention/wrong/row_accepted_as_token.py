"""A token of shape (1, d_model) or (d_model, 1) is accepted: only the number of its values is checked."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


class StreamingSelfAttention:
    def step(self, x_t):
        if x_t.size != len(self._weights[0]):
            raise ValueError("x_t must have d_model values")
        (q_t,), k_t, v_t = project_qkv(x_t.reshape(1, -1), *self._weights)
        self._keys, self._values = np.vstack([self._keys, k_t]), np.vstack([self._values, v_t])
        return attend_one(q_t, self._keys, self._values, scale=self._scale)[0]
