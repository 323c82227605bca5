"""The network adds the projected input to the output of its last highway layer."""


class HighwayNetwork:
    def forward(self, x):
        h = start = self.proj_in(x)
        for layer in self.layers:
            h = layer(h)
        return self.proj_out(h + start)
