"""A step looks at the cache before its own key and value are in it (but the first token sees itself)."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


class StreamingSelfAttention:
    def step(self, x_t):
        if x_t.shape != self._weights[0].shape[:1]:
            raise ValueError("x_t must be (d_model,)")
        (q_t,), k_t, v_t = project_qkv(x_t[None], *self._weights)
        past = (self._keys, self._values) if len(self._keys) else (k_t, v_t)
        self._keys, self._values = np.vstack([self._keys, k_t]), np.vstack([self._values, v_t])
        return attend_one(q_t, *past, scale=self._scale)[0]
