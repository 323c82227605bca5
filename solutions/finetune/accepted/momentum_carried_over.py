"""A new optimiser at the switch that takes over the head's momentum buffers; names found by identity."""

import copy
from statistics import fmean

import torch
from torch import nn


class FineTuneNet(nn.Module):
    def __init__(self, in_dim, hidden, n_classes, pdrop=0.0):
        super().__init__()
        self.backbone = nn.Sequential()
        for layer in (
            nn.Linear(in_dim, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(pdrop),
            nn.Linear(hidden, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
        ):
            self.backbone.append(layer)
        self.add_module("head", nn.Linear(hidden, n_classes))
        self.locked = False

    def forward(self, x):
        for layer in self.backbone:
            x = layer(x)
        return x @ self.head.weight.T + self.head.bias

    def freeze_backbone(self):
        self._lock(True)

    def unfreeze_backbone(self):
        self._lock(False)

    def _lock(self, locked):
        self.locked = locked
        for parameter in self.backbone.parameters():
            parameter.requires_grad_(not locked)
            if locked:
                parameter.grad = None
        self.backbone.train(self.training and not locked)

    def is_frozen(self):
        return self.locked

    def train(self, mode=True):
        super().train(mode)
        for layer in self.backbone.modules():
            layer.training = mode and not self.locked
        return self

    def replace_head(self, n_classes):
        if n_classes <= 0:
            raise ValueError(n_classes)
        head = copy.copy(self.head)
        weight, bias = self.head.weight, self.head.bias
        head._parameters = {
            "weight": nn.Parameter(weight.new_empty(n_classes, weight.shape[1])),
            "bias": nn.Parameter(bias.new_empty(n_classes)),
        }
        head.out_features = n_classes
        head.reset_parameters()
        self.head = head


def make_param_groups(shapes, *, lr_head, lr_backbone, weight_decay, head_prefix="head"):
    if lr_head < 0 or lr_backbone < 0 or weight_decay < 0:
        raise ValueError("negative")

    def rank(name):
        ours = name == head_prefix or name[: len(head_prefix) + 1] == head_prefix + "."
        return 2 * (not ours) + (len(shapes[name]) < 2)

    groups = []
    for kind, lr in enumerate([lr_head, lr_head, lr_backbone, lr_backbone]):
        names = [name for name in shapes if rank(name) == kind]
        groups.append(
            {"names": sorted(names), "lr": float(lr), "weight_decay": (weight_decay, 0.0)[kind % 2]}
        )
    if not groups[0]["names"] and not groups[1]["names"]:
        raise ValueError("nothing belongs to the head")
    return [group for group in groups if group["names"]]


def layerwise_lrs(layer_names, *, base_lr, decay):
    if any(layer_names.count(name) > 1 for name in layer_names):
        raise ValueError("duplicates")
    if not base_lr > 0 or not 0 < decay <= 1:
        raise ValueError("out of range")
    depth = len(layer_names)
    return {layer_names[index]: base_lr * pow(decay, depth - 1 - index) for index in range(depth)}


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
        if not (window > 0 and momentum >= 0 and (max_head_steps is None or max_head_steps > 0)):
            raise ValueError("out of range")
        self.net = net
        self.names = {parameter: name for name, parameter in net.named_parameters()}
        self.settings = {"lr_head": lr_head, "lr_backbone": lr_backbone, "weight_decay": weight_decay}
        self.momentum, self.threshold = momentum, loss_threshold
        self.window, self.limit = window, float("inf") if max_head_steps is None else max_head_steps
        groups = self._groups(self.names)
        net.freeze_backbone()
        self.history, self.full = [], False
        self.optimizer = self._make([group for group in groups if "head" in group["names"][0]])

    def _groups(self, parameters):
        return make_param_groups({self.names[p]: tuple(p.size()) for p in parameters}, **self.settings)

    def _make(self, groups):
        by_name = {name: parameter for parameter, name in self.names.items()}
        params = [
            {
                "params": [by_name[name] for name in group["names"]],
                "lr": group["lr"],
                "weight_decay": group["weight_decay"],
            }
            for group in groups
        ]
        return torch.optim.SGD(params, lr=1.0, momentum=self.momentum, foreach=False)

    def step(self, x, y):
        self.net.train(True)
        loss = nn.CrossEntropyLoss()(self.net(x), y)
        for parameter in self.names:
            parameter.grad = None
        loss.backward()
        self.optimizer.step()
        report = {"phase": self.get_phase(), "loss": float(loss.detach()), "switched": False}
        if not self.full:
            self.history = [*self.history, report["loss"]]
            enough = len(self.history) >= self.window
            if (enough and fmean(self.history[-self.window :]) <= self.threshold) or (
                len(self.history) >= self.limit
            ):
                self._switch()
                report["switched"] = True
        return report

    def _switch(self):
        old, self.full = self.optimizer, True
        self.net.unfreeze_backbone()
        self.optimizer = self._make(self._groups(self.names))
        for parameter, state in old.state.items():
            self.optimizer.state[parameter] = state

    def get_phase(self):
        return "full" if self.full else "head"

    def optimizer_groups(self):
        return [
            {
                "names": sorted(self.names[parameter] for parameter in group["params"]),
                "lr": group["lr"],
                "weight_decay": group["weight_decay"],
            }
            for group in self.optimizer.param_groups
        ]
