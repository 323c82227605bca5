"""How does one fine-tune? (study note 15)

The note's recipe: put a new fully connected layer, the *head*, on a pretrained *backbone*; lock the backbone
and train the head alone; when the loss is small enough, release everything and train it together.

    phase "head"   backbone: no gradients, evaluation mode     head: trained with lr_head
    phase "full"   backbone: trained with lr_backbone          head: trained with lr_head, its momentum kept

The order matters because a random head sends large, arbitrary gradients into features that are already good.
And "locked" takes more than `requires_grad = False`: BatchNorm statistics are moved by the forward pass,
dropout belongs to the mode, and an optimiser moves whatever has a gradient, even one of zeros.

N rows, C classes. Modules are made in torch's default dtype and work unchanged after `.double()`.

Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution"
(arXiv:2202.10054), for the two phases; Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text
Classification" (arXiv:1801.06146), for a learning rate of its own in each layer.
"""

from __future__ import annotations

from torch import Tensor, nn


class FineTuneNet(nn.Module):
    """A small classifier in two parts: a backbone that can be frozen, and a head on top of it.

        logits = head(backbone(x))

    Submodules:
        backbone: `nn.Sequential` of 0 Linear(in_dim, hidden), 1 BatchNorm1d(hidden), 2 ReLU,
            3 Dropout(pdrop), 4 Linear(hidden, hidden), 5 BatchNorm1d(hidden), 6 ReLU.
        head: `nn.Linear(hidden, n_classes)`.

    The state dict therefore holds `backbone.0.weight`, `backbone.1.running_mean`, ..., `head.bias`, and
    nothing else. A new net is unfrozen and in training mode.

    A frozen backbone is a fixed function: it has no gradients, *and* it is in evaluation mode, so that
    BatchNorm uses its running statistics without moving them and dropout is off. It stays so whatever mode
    the rest of the net is in.
    """

    def __init__(self, in_dim: int, hidden: int, n_classes: int, pdrop: float = 0.0) -> None:
        """Make both parts.

        Args:
            in_dim: width of the input.
            hidden: width of the features.
            n_classes: number of classes C.
            pdrop: probability that the dropout layer drops an element in training mode.
        """
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Map float (N, in_dim) to the logits, float (N, C); no softmax."""
        raise NotImplementedError

    def freeze_backbone(self) -> None:
        """Lock the backbone; the head stays as it is. Does no harm to a frozen net.

        Every parameter of the backbone gets `requires_grad` False and `grad` None. None, not zero: an
        optimiser skips a parameter without a gradient, but a gradient of zeros still lets momentum and weight
        decay move it. From now on the backbone is in evaluation mode, see `train`.
        """
        raise NotImplementedError

    def unfreeze_backbone(self) -> None:
        """Release the backbone: `requires_grad` True, and its mode is the net's own mode again.

        Does no harm to an unfrozen net. One call is enough, however often the net was frozen.
        """
        raise NotImplementedError

    def is_frozen(self) -> bool:
        """Whether the backbone is frozen."""
        raise NotImplementedError

    def train(self, mode: bool = True) -> FineTuneNet:
        """Put the net in training mode, or with `mode=False` in evaluation mode, and return the net itself.

        The head always follows `mode`, and so does the backbone unless it is frozen: then it is in evaluation
        mode afterwards. `eval()` of `nn.Module` calls `train(False)`, so it needs no method of its own.
        """
        raise NotImplementedError

    def replace_head(self, n_classes: int) -> None:
        """Put a fresh head in place of the old one, as for a task with other classes.

        The new head is an `nn.Linear(hidden, n_classes)` with torch's random initialisation, of the same
        dtype as the old one, trainable, and in the net's own mode. The backbone stays as it is, frozen or
        not. Do this before an optimiser is made: that one holds on to the parameters it was given.

        Raises:
            ValueError: n_classes < 1; the old head stays.
        """
        raise NotImplementedError


def make_param_groups(
    shapes: dict[str, tuple[int, ...]],
    *,
    lr_head: float,
    lr_backbone: float,
    weight_decay: float,
    head_prefix: str = "head",
) -> list[dict]:
    """Sort parameters, known by name and shape alone, into groups with a learning rate and a decay each.

    Two questions decide. Is it part of the head? Its name then equals `head_prefix` or starts with
    `head_prefix` and a dot; `header.weight` and `body.head.weight` belong to the backbone. Is it decayed?
    Only with two axes or more. Biases, scales and shifts of norms, and scalars are not: they are few, and to
    pull them towards 0 seldom helps.

    Args:
        shapes: shape by parameter name, in any order.
        lr_head: learning rate of the head, at least 0.
        lr_backbone: learning rate of the backbone, at least 0.
        weight_decay: decay of the parameters that are decayed, at least 0.
        head_prefix: name of the head.

    Returns:
        At most four groups, in the order: head with decay, head without, backbone with decay, backbone
        without. Each is {"names": list[str], sorted; "lr": float; "weight_decay": float}, the last 0.0 in
        groups without decay. Groups without parameters are left out; those with are never merged, even when
        weight_decay is 0.

    Raises:
        ValueError: no name belongs to the head (so `shapes` may not be empty); one of the three numbers is
            negative.
    """
    raise NotImplementedError


def layerwise_lrs(layer_names: list[str], *, base_lr: float, decay: float) -> dict[str, float]:
    """A learning rate for each layer, smaller by a factor `decay` with each step away from the output.

    The last layer learns with base_lr, the k-th before it with base_lr * decay**k: what lies near the input
    is general and should move least (Howard and Ruder 2018, section 3.2, with 1 / 2.6 for `decay`).

    Args:
        layer_names: different names, ordered from the input to the output.
        base_lr: learning rate of the last layer, above 0.
        decay: above 0, at most 1; with 1 all layers learn alike.

    Returns:
        Learning rate by name; {} for an empty list.

    Raises:
        ValueError: a name occurs twice; base_lr <= 0; decay is not in (0, 1].
    """
    raise NotImplementedError


class TwoPhaseFineTuner:
    """Trains a `FineTuneNet`: first the head alone, then, when the loss is small enough, everything.

    One `torch.optim.SGD` (with momentum, no dampening, no Nesterov) serves both phases. It starts with the
    head only; at the switch the backbone is *added* to it, so the momentum that the head has gathered is not
    lost.

    The switch: let h be the losses of all steps of the head phase so far. After such a step the tuner
    switches if

        len(h) >= window and mean(h[-window:]) <= loss_threshold,
        or max_head_steps is not None and len(h) >= max_head_steps.

    There is no way back.
    """

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
        """Freeze the backbone of `net` and make the optimiser of the head.

        Args:
            net: the net itself is trained, not a copy. It may come in any mode, and with gradients of an
                earlier backward pass.
            lr_head: learning rate of the head in both phases, at least 0.
            lr_backbone: learning rate of the backbone once it is released, at least 0.
            momentum: of the SGD, at least 0.
            weight_decay: for parameters with two axes or more, at least 0; see `make_param_groups`.
            loss_threshold: a mean loss at most this large ends the head phase; any number.
            window: how many losses are averaged, at least 1.
            max_head_steps: the head phase ends after so many steps at the latest, at least 1; None sets no
                limit.

        Raises:
            ValueError: window < 1; max_head_steps < 1; a negative lr_head, lr_backbone, momentum or
                weight_decay. The net is then left as it was.
        """
        raise NotImplementedError

    def step(self, x: Tensor, y: Tensor) -> dict:
        """Make one update with one batch, then see whether the head phase is over.

        In this order: (1) `net.train()`, whatever mode somebody left the net in; (2) the loss, the mean
        cross-entropy of the logits; (3) old gradients cleared, backward pass, step of the optimiser; (4) in
        the head phase, the check of the switch. On switching, the backbone is unfrozen and joins the same
        optimiser with lr_backbone. The *next* step is the first one that moves the backbone, with BatchNorm
        and dropout in training mode.

        Args:
            x: float (N, in_dim); in the full phase at least 2 rows, for BatchNorm.
            y: int64 (N,), the classes.

        Returns:
            {"loss": float, the loss before the update; "phase": "head" or "full", the phase in which this
            update was made, so "head" for the step that switches; "switched": bool, whether this step
            switched}.
        """
        raise NotImplementedError

    def get_phase(self) -> str:
        """The phase of the next step: "head" or "full"."""
        raise NotImplementedError

    def optimizer_groups(self) -> list[dict]:
        """What the optimiser holds now, in the form of `make_param_groups`.

        The names are those of `net.named_parameters()`, each at most once. In the head phase there are groups
        of the head only, in the full phase groups of all parameters.
        """
        raise NotImplementedError
