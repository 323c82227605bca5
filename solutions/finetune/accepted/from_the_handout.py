"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class FineTuneNet(nn.Module):
    def __init__(self, in_dim: int, hidden: int, n_classes: int, pdrop: float = 0.0) -> None:
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Linear(in_dim, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(pdrop),
            nn.Linear(hidden, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
        )
        self.head = nn.Linear(hidden, n_classes)
        self._frozen = False

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.backbone(x))

    def freeze_backbone(self) -> None:
        self._frozen = True
        for parameter in self.backbone.parameters():
            parameter.requires_grad_(False)
            parameter.grad = None
        self.backbone.eval()

    def unfreeze_backbone(self) -> None:
        self._frozen = False
        for parameter in self.backbone.parameters():
            parameter.requires_grad_(True)
        self.backbone.train(self.training)

    def is_frozen(self) -> bool:
        return self._frozen

    def train(self, mode: bool = True) -> FineTuneNet:
        super().train(mode)
        if self._frozen:
            self.backbone.eval()
        return self

    def replace_head(self, n_classes: int) -> None:
        if n_classes < 1:
            raise ValueError(f"n_classes must be at least 1, not {n_classes}")
        old = self.head.weight
        head = nn.Linear(self.head.in_features, n_classes, device=old.device, dtype=old.dtype)
        self.head = head.train(self.training)


def make_param_groups(
    shapes: dict[str, tuple[int, ...]],
    *,
    lr_head: float,
    lr_backbone: float,
    weight_decay: float,
    head_prefix: str = "head",
) -> list[dict]:
    for what, value in (("lr_head", lr_head), ("lr_backbone", lr_backbone), ("weight_decay", weight_decay)):
        if value < 0:
            raise ValueError(f"{what} must not be negative, but is {value}")
    names: dict[tuple[bool, bool], list[str]] = {}
    for name, shape in sorted(shapes.items()):
        in_head = name == head_prefix or name.startswith(head_prefix + ".")
        names.setdefault((in_head, len(shape) >= 2), []).append(name)
    if not any(in_head for in_head, _ in names):
        raise ValueError(f"no parameter belongs to the head {head_prefix!r}")
    return [
        {
            "names": names[in_head, decayed],
            "lr": float(lr_head if in_head else lr_backbone),
            "weight_decay": float(weight_decay) if decayed else 0.0,
        }
        for in_head in (True, False)
        for decayed in (True, False)
        if (in_head, decayed) in names
    ]


def layerwise_lrs(layer_names: list[str], *, base_lr: float, decay: float) -> dict[str, float]:
    if len(set(layer_names)) != len(layer_names):
        raise ValueError("a layer name occurs twice")
    if base_lr <= 0:
        raise ValueError(f"base_lr must be above 0, not {base_lr}")
    if not 0 < decay <= 1:
        raise ValueError(f"decay must be in (0, 1], not {decay}")
    last = len(layer_names) - 1
    return {name: base_lr * decay ** (last - i) for i, name in enumerate(layer_names)}


class TwoPhaseFineTuner:
    def __init__(
        self,
        net: FineTuneNet,
        *,
        lr_head: float,
        lr_backbone: float,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        loss_threshold: float,
        window: int = 1,
        max_head_steps: int | None = None,
    ) -> None:
        if window < 1:
            raise ValueError(f"window must be at least 1, not {window}")
        if max_head_steps is not None and max_head_steps < 1:
            raise ValueError(f"max_head_steps must be at least 1, not {max_head_steps}")
        if momentum < 0:
            raise ValueError(f"momentum must not be negative, but is {momentum}")
        parameters = dict(net.named_parameters())
        groups = make_param_groups(  # refuses the other negative numbers
            {name: tuple(parameter.shape) for name, parameter in parameters.items()},
            lr_head=lr_head,
            lr_backbone=lr_backbone,
            weight_decay=weight_decay,
        )
        # The optimiser keeps `names`, a key that it does not know, in its groups.
        sgd_groups = [group | {"params": [parameters[name] for name in group["names"]]} for group in groups]
        is_head = [group["names"][0].startswith("head.") for group in groups]

        self.net = net
        self._loss_threshold = loss_threshold
        self._max_head_steps = max_head_steps
        self._phase = "head"
        self._head_steps = 0
        self._last_losses: deque[float] = deque(maxlen=window)
        self._backbone_groups = [group for group, head in zip(sgd_groups, is_head, strict=True) if not head]
        net.freeze_backbone()
        self._optimizer = torch.optim.SGD(
            [group for group, head in zip(sgd_groups, is_head, strict=True) if head],
            lr=lr_head,
            momentum=momentum,
        )

    def step(self, x: Tensor, y: Tensor) -> dict:
        phase, switched = self._phase, False
        self.net.train()
        loss = F.cross_entropy(self.net(x), y)
        self.net.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        if phase == "head":
            self._head_steps += 1
            self._last_losses.append(loss.item())
            switched = self._head_phase_is_over()
            if switched:
                self._switch()
        return {"loss": loss.item(), "phase": phase, "switched": switched}

    def _head_phase_is_over(self) -> bool:
        """The condition of the switch, after a step of the head phase."""
        losses = self._last_losses
        if len(losses) == losses.maxlen and sum(losses) / len(losses) <= self._loss_threshold:
            return True
        return self._max_head_steps is not None and self._head_steps >= self._max_head_steps

    def _switch(self) -> None:
        """Release the backbone and let it join the optimiser, which keeps the velocities of the head."""
        self._phase = "full"
        self.net.unfreeze_backbone()
        for group in self._backbone_groups:
            self._optimizer.add_param_group(group)

    def get_phase(self) -> str:
        return self._phase

    def optimizer_groups(self) -> list[dict]:
        return [
            {"names": list(group["names"]), "lr": group["lr"], "weight_decay": group["weight_decay"]}
            for group in self._optimizer.param_groups
        ]
