"""Plain least squares; l2 is only checked."""

import torch
import torch.nn.functional as F


def linear_probe(features, labels, n_classes, l2):
    n = len(labels)
    if l2 <= 0 or n == 0 or len(features) != n or labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError("l2, the number of rows or a label is out of range")
    onehot = F.one_hot(labels, n_classes).to(features)
    mean = features.mean(dim=0)
    centred = features - mean
    weight = torch.linalg.pinv(centred) @ onehot
    return weight, onehot.mean(dim=0) - mean @ weight
