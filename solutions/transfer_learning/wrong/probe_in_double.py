"""W and b are float64 whatever the dtype of the features."""

import torch
import torch.nn.functional as F


def linear_probe(features, labels, n_classes, l2):
    n = len(labels)
    if l2 <= 0 or n == 0 or len(features) != n or labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError("l2, the number of rows or a label is out of range")
    onehot = F.one_hot(labels, n_classes).double()
    features = features.double()
    mean = features.mean(dim=0)
    centred = features - mean
    gram = centred.T @ centred / n + l2 * torch.eye(len(mean)).to(features)
    weight = torch.linalg.solve(gram, centred.T @ onehot / n)
    return weight, onehot.mean(dim=0) - mean @ weight
