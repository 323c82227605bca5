"""mean_gates shows the projected input to every layer instead of the output of the layer before."""


class HighwayNetwork:
    def mean_gates(self, x):
        h = self.proj_in(x)
        return h.new_tensor([layer.gates(h).mean().item() for layer in self.layers])
