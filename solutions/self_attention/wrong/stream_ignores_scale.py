"""Steps use the default scale, whatever the constructor was given."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


class StreamingSelfAttention:
    def step(self, x_t):
        if x_t.shape != self._weights[0].shape[:1]:
            raise ValueError("x_t must be (d_model,)")
        (q_t,), k_t, v_t = project_qkv(x_t[None], *self._weights)
        self._keys, self._values = np.vstack([self._keys, k_t]), np.vstack([self._values, v_t])
        return attend_one(q_t, self._keys, self._values)[0]
