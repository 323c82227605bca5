"""layerwise_lrs checks nothing."""


def layerwise_lrs(layer_names, *, base_lr, decay):
    return {name: base_lr * decay**k for k, name in enumerate(reversed(layer_names))}
