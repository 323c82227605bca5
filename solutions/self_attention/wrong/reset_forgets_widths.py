"""After a reset the cache is a pair of arrays of shape (0,), without the widths d_k and d_v."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


class StreamingSelfAttention:
    def step(self, x_t):
        if x_t.shape != self._weights[0].shape[:1]:
            raise ValueError("x_t must be (d_model,)")
        (q_t,), k_t, v_t = project_qkv(x_t[None], *self._weights)
        self._keys = np.vstack([self._keys, k_t]) if len(self._keys) else k_t
        self._values = np.vstack([self._values, v_t]) if len(self._values) else v_t
        return attend_one(q_t, self._keys, self._values, scale=self._scale)[0]

    def reset(self):
        self._keys, self._values = np.zeros(0), np.zeros(0)
