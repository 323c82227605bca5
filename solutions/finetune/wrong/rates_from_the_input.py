"""The layer nearest to the input learns with base_lr, the last one slowest."""


def layerwise_lrs(layer_names, *, base_lr, decay):
    if len(set(layer_names)) < len(layer_names):
        raise ValueError("a name occurs twice")
    if base_lr <= 0 or not 0 < decay <= 1:
        raise ValueError("base_lr must be above 0, decay in (0, 1]")
    return {name: base_lr * decay**k for k, name in enumerate(layer_names)}
