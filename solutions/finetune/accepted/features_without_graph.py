"""Features under no_grad in the head phase, is_frozen read off the parameters, numpy numbers."""

from collections import deque

import numpy as np
import torch
from torch import nn


class FineTuneNet(nn.Module):
    def __init__(self, in_dim, hidden, n_classes, pdrop=0.0):
        super().__init__()
        layers = []
        for width in (in_dim, hidden):
            layers += [nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(pdrop)]
        self.backbone = nn.Sequential(*layers[:-1])
        self.head = nn.Linear(hidden, n_classes)

    def forward(self, x):
        if self.is_frozen():
            with torch.no_grad():
                features = self.backbone(x)
        else:
            features = self.backbone(x)
        return self.head(features)

    def freeze_backbone(self):
        self.backbone.requires_grad_(False).zero_grad()
        self.train(self.training)

    def unfreeze_backbone(self):
        self.backbone.requires_grad_()
        self.train(self.training)

    def is_frozen(self):
        return not any(parameter.requires_grad for parameter in self.backbone.parameters())

    def train(self, mode=True):
        self.training = mode
        self.head.train(mode)
        self.backbone.train(mode and not self.is_frozen())
        return self

    def replace_head(self, n_classes):
        if not n_classes >= 1:
            raise ValueError("a head needs a class")
        old = self.head.weight
        head = nn.Linear(old.shape[1], n_classes, dtype=old.dtype, device=old.device)
        head.training = self.training
        self.head = head


def make_param_groups(shapes, *, lr_head, lr_backbone, weight_decay, head_prefix="head"):
    for number in (lr_head, lr_backbone, weight_decay):
        if number < 0:
            raise ValueError(f"{number} is negative")
    buckets = {(part, decay): [] for part in ("head", "backbone") for decay in (True, False)}
    for name in sorted(shapes):
        part = "head" if f"{name}.".startswith(f"{head_prefix}.") else "backbone"
        buckets[part, len(shapes[name]) > 1].append(name)
    if not buckets["head", True] + buckets["head", False]:
        raise ValueError("no head")
    rates = {"head": lr_head, "backbone": lr_backbone}
    return [
        {"names": tuple(names), "lr": np.float64(rates[part]), "weight_decay": weight_decay * decay}
        for (part, decay), names in buckets.items()
        if names
    ]


def layerwise_lrs(layer_names, *, base_lr, decay):
    if not (base_lr > 0 and decay > 0 and decay <= 1):
        raise ValueError("base_lr > 0 and 0 < decay <= 1")
    rates, rate = {}, base_lr
    for name in layer_names[::-1]:
        if name in rates:
            raise ValueError(f"{name} twice")
        rates[name] = np.float64(rate)
        rate = rate * decay
    return rates


class TwoPhaseFineTuner:
    def __init__(
        self,
        net,
        *,
        lr_head,
        lr_backbone,
        momentum=0.9,
        weight_decay=0.0,
        loss_threshold,
        window=1,
        max_head_steps=None,
    ):
        if window < 1 or momentum < 0 or (max_head_steps is not None and max_head_steps < 1):
            raise ValueError("a setting is out of range")
        shapes = {name: parameter.shape for name, parameter in net.named_parameters()}
        rates = {"lr_head": lr_head, "lr_backbone": lr_backbone, "weight_decay": weight_decay}
        self.groups = make_param_groups(shapes, **rates)
        self.net, self.phase, self.steps = net, "head", 0
        self.threshold, self.limit = loss_threshold, max_head_steps
        self.recent = deque(maxlen=window)
        net.freeze_backbone()
        self.sgd = torch.optim.SGD(net.head.parameters(), lr=lr_head, momentum=momentum)
        self.sgd.param_groups.clear()
        self.add("head")

    def add(self, part):
        parameters = dict(self.net.named_parameters())
        for group in self.groups:
            if group["names"][0].split(".")[0] == part:
                members = [parameters[name] for name in group["names"]]
                decay = group["weight_decay"]
                self.sgd.add_param_group({"params": members, "lr": group["lr"], "weight_decay": decay})

    def step(self, x, y):
        net = self.net.train()
        log_probs = net(x).log_softmax(dim=-1)
        loss = -log_probs.gather(1, y[:, None]).mean()
        net.zero_grad()
        loss.backward()
        self.sgd.step()
        value, phase = np.float64(loss.item()), self.phase
        return {"loss": value, "phase": phase, "switched": phase == "head" and self.switch(value)}

    def switch(self, loss):
        self.recent.append(loss)
        self.steps += 1
        full = len(self.recent) == self.recent.maxlen
        over = np.bool_(full and np.mean(self.recent) <= self.threshold) or self.steps == self.limit
        if over:
            self.phase = "full"
            self.net.unfreeze_backbone()
            self.add("backbone")
        return over

    def get_phase(self):
        return self.phase

    def optimizer_groups(self):
        return [
            group for group in self.groups if self.phase == "full" or group["names"][0].startswith("head.")
        ]
