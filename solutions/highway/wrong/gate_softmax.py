"""The gate is a softmax over the units, so the units compete for one whole gate."""

# ruff: noqa: F821 - the other names are those of the reference


class HighwayLayer:
    def gates(self, x):
        _check_width(x, self.gate.in_features)
        return self.gate(x).softmax(dim=-1)
