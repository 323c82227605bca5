"""Hidden tests of `finetune`: 25 points."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, grads

from . import oracle

IN_DIM, HIDDEN, CLASSES, ROWS = 5, 7, 3, 11
NEVER = -1.0  # no mean of cross-entropies is as small as this
RATES = {"lr_head": 0.1, "lr_backbone": 0.02}


def random_net(student, rng, *, pdrop=0.0):
    """A student's net in float64 with random weights and running statistics, and these."""
    state = oracle.random_state(rng, IN_DIM, HIDDEN, CLASSES)
    net = student.FineTuneNet(IN_DIM, HIDDEN, CLASSES, pdrop)
    net.double()
    net.load_state_dict(state)
    return net, state


def random_batch(rng):
    """Rows whose mean and variance are far from the running statistics, and every class among the labels."""
    x = 2.0 + 3.0 * rng.normal(size=(ROWS, IN_DIM))
    y = rng.permutation(np.arange(ROWS) % CLASSES)
    return torch.from_numpy(x), torch.from_numpy(y)


def state_of(net):
    """A copy of the state dict."""
    return {name: value.detach().clone() for name, value in net.state_dict().items()}


def part(values, prefix):
    """The entries whose name begins so."""
    return {name: value for name, value in values.items() if name.startswith(prefix)}


def buffers(state):
    """Running means and variances and the counters of both BatchNorms."""
    return {name: value for name, value in state.items() if "running" in name or "tracked" in name}


def trainable(net):
    """requires_grad of each parameter by name."""
    return {name: bool(parameter.requires_grad) for name, parameter in net.named_parameters()}


def modes(net):
    """Which of backbone and head are in training mode."""
    return bool(net.backbone.training), bool(net.head.training)


def logits(net, x, what="the output"):
    """The net's output, known to be a tensor of the right shape."""
    value = net(x)
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == (len(x), CLASSES), f"{what} has shape {tuple(value.shape)}"
    return value


def step(tuner, batch):
    """One step: the loss, the phase, and whether it switched."""
    report = tuner.step(*batch)
    assert isinstance(report, dict), f"step returned {describe(report)}, not a dict"
    missing = sorted({"loss", "phase", "switched"} - set(report))
    assert not missing, f"the dict that step returned has no {missing}"
    loss = as_array(report["loss"], "'loss'")
    assert loss.shape == (), f"'loss' has shape {loss.shape}, not that of a number"
    return float(loss), report["phase"], bool(report["switched"])


def by_name(groups):
    """(lr, weight_decay) of each name; no name may occur twice."""
    found = {}
    for group in groups:
        for name in group["names"]:
            assert name not in found, f"{name} occurs twice in optimizer_groups()"
            found[name] = float(group["lr"]), float(group["weight_decay"])
    return found


def refuses(what, function, *arguments, **options):
    """Whether a call raises ValueError."""
    with suppress(ValueError):
        function(*arguments, **options)
        raise AssertionError(f"no ValueError for {what}")


@pytest.mark.points(2)
def test_t01_freeze_flags(student, rng):
    """Freezing and unfreezing, also twice: requires_grad, grad, is_frozen; the weights stay as they were."""
    net, state = random_net(student, rng)
    x, _ = random_batch(rng)
    everything = dict.fromkeys(trainable(net), True)
    head_only = {name: name.startswith("head") for name in everything}
    assert set(everything) == set(state) - set(buffers(state)), "the parameters have other names"
    assert trainable(net) == everything, "a new net has parameters without requires_grad"
    assert not net.is_frozen(), "a new net is frozen"

    logits(net, x).sum().backward()
    before = {name: as_array(value).copy() for name, value in part(grads(net), "head").items()}
    for times in ("", " for the second time"):
        net.freeze_backbone()
        assert net.is_frozen(), f"is_frozen() is False after freezing{times}"
        assert trainable(net) == head_only, f"requires_grad is wrong after freezing{times}"
        after = grads(net)
        left = [name for name, value in part(after, "backbone").items() if value is not None]
        assert not left, f"after freezing{times} these still have a gradient: {left}"
        assert_equal(part(after, "head"), before, what=f"the gradients of the head after freezing{times}")
    logits(net, x).sum().backward()
    left = [name for name, value in part(grads(net), "backbone").items() if value is not None]
    assert not left, f"a backward pass through the frozen net gave these a gradient: {left}"

    for times in ("", " for the second time"):
        net.unfreeze_backbone()
        assert not net.is_frozen(), f"is_frozen() is True after unfreezing{times}"
        assert trainable(net) == everything, f"requires_grad is wrong after unfreezing{times}"
    now = {name: value for name, value in state_of(net).items() if name in everything}
    expected = {name: value for name, value in state.items() if name in everything}
    assert_equal(now, expected, what="the parameters after freezing and unfreezing")


@pytest.mark.points(3)
def test_t02_frozen_parameters(student, rng):
    """10 head steps with momentum and decay: backbone parameters untouched, also if they had gradients."""
    for had_gradients in (False, True):
        net, _ = random_net(student, rng)
        if had_gradients:
            logits(net, random_batch(rng)[0]).square().sum().backward()
        before = state_of(net)
        tuner = student.TwoPhaseFineTuner(net, **RATES, momentum=0.9, weight_decay=0.1, loss_threshold=NEVER)
        for _ in range(10):
            step(tuner, random_batch(rng))
        where = "after 10 head steps" + ", of a net that had gradients" * had_gradients
        after = state_of(net)
        for name in sorted(before.keys() - buffers(before).keys()):
            if name.startswith("head"):
                assert not np.array_equal(after[name], before[name]), f"{name} did not change {where}"
            else:
                assert_equal(after[name], before[name], what=f"{name} {where}")


@pytest.mark.points(4)
def test_t03_batch_norm_buffers(student, rng):
    """Frozen: BatchNorm's buffers stand still in head steps and in either mode; rows ignore one another."""
    net, _ = random_net(student, rng)
    tuner = student.TwoPhaseFineTuner(net, **RATES, loss_threshold=NEVER)
    x, _ = random_batch(rng)
    before = buffers(state_of(net))

    def check(where):
        assert_equal(buffers(state_of(net)), before, what=f"the buffers {where}")

    for _ in range(3):
        step(tuner, random_batch(rng))
    check("after 3 head steps")
    others = torch.cat([x[:1], 5.0 - x[1:]])
    for switch, mode, where in [
        (net.train, True, "after net.train()"),
        (net.eval, False, "after net.eval()"),
        (net.train, True, "after net.eval() and net.train()"),
    ]:
        returned = switch()
        assert modes(net) == (False, mode), f"a frozen net is in the wrong mode {where}"
        assert modes(returned) == (False, mode), "train() and eval() must return the net itself"
        output = logits(net, x)
        what = f"row 0 {where}, when the other rows change"
        assert_close(logits(net, others)[0], output[0], rtol=1e-12, atol=1e-12, what=what)
        check(where)
    net.eval()
    step(tuner, random_batch(rng))
    check("after a head step that began in eval mode")
    assert modes(net) == (False, True), "step did not put the net in training mode"


@pytest.mark.points(2)
def test_t04_dropout(student, rng):
    """Dropout of 0.5: off while frozen, in training mode too; after unfreezing it follows the net's mode."""
    net, state = random_net(student, rng, pdrop=0.5)
    x, _ = random_batch(rng)
    expected = oracle.logits(state, x)
    assert not torch.equal(logits(net, x), logits(net, x)), "dropout is off in a new net"
    net.load_state_dict(state)
    net.freeze_backbone()
    what = "the output of a frozen net in training mode"
    for call in (None, net.train):
        if call is not None:
            call()
        first = logits(net, x)
        assert_close(first, expected, what=what)
        assert_equal(logits(net, x), first, what=f"{what}, the second time")

    net.unfreeze_backbone()
    assert modes(net) == (True, True), "after unfreezing in training mode some part is in evaluation mode"
    assert not torch.equal(logits(net, x), logits(net, x)), "dropout is still off after unfreezing"
    net.eval()
    net.load_state_dict(state)
    net.freeze_backbone()
    net.unfreeze_backbone()
    assert modes(net) == (False, False), "after unfreezing in evaluation mode some part is in training mode"
    assert_close(logits(net, x), expected, what="the output of an unfrozen net in evaluation mode")


@pytest.mark.points(3)
def test_t05_head_trajectory(student, rng):
    """8 head steps: each loss, and the head's weight and bias at the end; also with default settings."""
    for options in [{"momentum": 0.6, "weight_decay": 0.3}, {}]:
        net, state = random_net(student, rng)
        batches = [random_batch(rng) for _ in range(8)]
        tuner = student.TwoPhaseFineTuner(net, **RATES, **options, loss_threshold=NEVER)
        losses = [step(tuner, batch)[0] for batch in batches]
        rates = {"momentum": 0.9, "weight_decay": 0.0} | options
        expected, weight, bias = oracle.train_head(state, batches, lr=RATES["lr_head"], **rates)
        after = state_of(net)
        where = f"with {options}" if options else "with the default momentum and weight_decay"
        assert_close(losses, expected, what=f"the losses {where}")
        assert_close(after["head.weight"], weight, what=f"head.weight {where}")
        assert_close(after["head.bias"], bias, what=f"head.bias {where}")


@pytest.mark.points(2)
def test_t06_optimizer_contents(student, rng):
    """optimizer_groups in both phases: which names, with which lr and decay; unfit numbers are refused."""
    lr_head, lr_backbone, decay = rng.permutation([0.11, 0.023, 0.37]).tolist()
    given = {"lr_head": lr_head, "lr_backbone": lr_backbone, "weight_decay": decay, "loss_threshold": NEVER}
    net, state = random_net(student, rng)
    for wrong in [
        {"window": 0},
        {"max_head_steps": 0},
        {"lr_head": -0.1},
        {"lr_backbone": -0.1},
        {"momentum": -0.1},
        {"weight_decay": -0.1},
    ]:
        refuses(wrong, student.TwoPhaseFineTuner, net, **given | wrong)
        assert not net.is_frozen(), f"the net was frozen although {wrong} was refused"

    tuner = student.TwoPhaseFineTuner(net, **given, max_head_steps=1)
    assert net.is_frozen(), "the tuner did not freeze the backbone"
    expected = {
        name: (lr_head if name.startswith("head") else lr_backbone, decay if value.ndim > 1 else 0.0)
        for name, value in state.items()
        if name not in buffers(state)
    }
    found = by_name(tuner.optimizer_groups())
    assert_equal(found, part(expected, "head"), what="(lr, decay) by name in the head phase")
    for when in ("right after the switch", "after the first full step"):
        step(tuner, random_batch(rng))
        found = by_name(tuner.optimizer_groups())
        assert_equal(found, expected, what=f"(lr, decay) by name {when}")
    assert not net.is_frozen(), "the backbone is still frozen in the full phase"


@pytest.mark.points(3)
def test_t07_switch_rule(student, rng):
    """When the head phase ends: windows, equality, max_head_steps; what each step reports (a float32 net)."""
    # The head's weights are 0, so its logits are its bias whatever the features are; all rates are 0, so this
    # stays so. A batch of class 0, 1, 2 or 3 then has a loss of about 0.44, 1.44, 2.44 or 3.44. Losses of a
    # float32 net survive a detour through float32 tensors, so the equalities hold for whoever takes one.
    scores = (rng.uniform(-0.1, 0.1, size=4) - np.arange(4.0)).astype(np.float32)
    state = oracle.random_state(rng, IN_DIM, HIDDEN, 4)
    state |= {"head.weight": torch.zeros(4, HIDDEN), "head.bias": torch.from_numpy(scores)}
    level = np.logaddexp.reduce(scores.astype(float)) - scores

    def play(classes, end, what, **options):
        """The losses of one step for each of `classes`, where step number `end` should switch."""
        net = student.FineTuneNet(IN_DIM, HIDDEN, 4)
        net.load_state_dict(state)
        rates = {"lr_head": 0.0, "lr_backbone": 0.0, "momentum": 0.0}
        tuner = student.TwoPhaseFineTuner(net, **rates, **options)
        reports, phases = [], [tuner.get_phase()]
        for label in classes:
            x = torch.from_numpy(rng.normal(size=(2, IN_DIM)).astype(np.float32))
            reports.append(step(tuner, (x, torch.tensor([label, label]))))
            phases.append(tuner.get_phase())
        losses, made_in, switched = map(list, zip(*reports, strict=True))
        assert_close(losses, level[classes], rtol=1e-4, atol=0, what=f"the losses, {what}")
        numbers = range(1, len(classes) + 2)
        expected = ["head" if end is None or number <= end else "full" for number in numbers]
        assert_equal(
            switched, [number == end for number in numbers[:-1]], what=f"'switched' of each step, {what}"
        )
        assert_equal(made_in, expected[:-1], what=f"'phase' of each step, {what}")
        assert_equal(phases, expected, what=f"get_phase() before the first and after each step, {what}")
        return losses

    low = (level[0] + level[1]) / 2
    between = (4 * level[0] + level[1] + level[3]) / 6  # of the means of losses 0, 0, 1 and of losses 0, 0, 3
    once = play([3, 1, 2, 0], None, "threshold -1", loss_threshold=NEVER)[1]  # a loss of class 1
    play([3, 1, 2, 0, 3, 0], 4, "window 1", loss_threshold=low)
    play([3, 2, 1, 0], 3, "window 1, a loss equal to the threshold", loss_threshold=once)
    play([3, 2, 1, 1, 0], 4, "window 2, a mean equal to the threshold", loss_threshold=once, window=2)
    play([0, 0, 3, 3, 1, 0, 0, 2], 7, "window 3", loss_threshold=between, window=3)
    play([3, 3, 3, 3], 3, "max_head_steps 3", loss_threshold=NEVER, max_head_steps=3)
    play([0, 0, 0, 0], 2, "window 4, max_head_steps 2", loss_threshold=10.0, window=4, max_head_steps=2)
    play([0, 0, 3], 2, "window 2, max_head_steps 3", loss_threshold=10.0, window=2, max_head_steps=3)


@pytest.mark.points(3)
def test_t08_full_trajectory(student, rng):
    """3 head steps, then 3 full ones: each loss, and all parameters and buffers at the end."""
    options = {**RATES, "momentum": 0.9, "weight_decay": 0.2}
    net, state = random_net(student, rng)
    batches = [random_batch(rng) for _ in range(6)]
    tuner = student.TwoPhaseFineTuner(net, **options, loss_threshold=NEVER, max_head_steps=3)
    losses = [step(tuner, batch)[0] for batch in batches]
    expected, final = oracle.train_two_phases(state, batches, 3, **options)
    assert_close(losses, expected, what="the losses")
    assert_close(state_of(net), final, what="the final state")


@pytest.mark.points(1)
def test_t09_release(student, rng):
    """After the switch the backbone moves and BatchNorm counts each step, whatever the net's mode was."""
    net, _ = random_net(student, rng)
    tuner = student.TwoPhaseFineTuner(net, **RATES, loss_threshold=NEVER, max_head_steps=1)
    step(tuner, random_batch(rng))
    assert modes(net) == (True, True), "right after the switch some part of the net is in evaluation mode"
    before = state_of(net)
    for number in (1, 2):
        net.eval()
        step(tuner, random_batch(rng))
        after = state_of(net)
        # Not the biases of the linear layers: the BatchNorm behind them takes every shift out again.
        for name in ("0.weight", "1.weight", "1.bias", "4.weight", "5.weight", "5.bias"):
            moved = not np.array_equal(after[f"backbone.{name}"], before[f"backbone.{name}"])
            assert moved, f"backbone.{name} did not move in full step {number}"
        for name in part(after, "backbone"):
            if name.endswith("tracked"):
                counted = int(after[name]) - int(before[name])
                assert counted == 1, f"{name} grew by {counted} in full step {number}"
        before = after


@pytest.mark.points(1)
def test_t10_param_groups(student, rng):
    """make_param_groups: order, sorted names, what is head and what is decayed, empty groups, errors."""
    lr_head, lr_backbone, decay = rng.permutation([0.13, 0.021, 0.34]).tolist()
    numbers = {"lr_head": lr_head, "lr_backbone": lr_backbone, "weight_decay": decay}

    def check(shapes, expected, **options):
        """`expected` holds (names, lr, weight_decay) of each group."""
        found = student.make_param_groups(shapes, **numbers | options)
        groups = [dict(zip(("names", "lr", "weight_decay"), group, strict=True)) for group in expected]
        what = (
            f"make_param_groups for {list(shapes)} with {options}" if options else f"... for {list(shapes)}"
        )
        assert_equal(found, groups, what=what)

    # Falling order, so that nobody finds the names sorted already.
    shapes = {
        "stem": (8, 3, 1, 1),
        "scale": (),
        "norm.weight": (8,),
        "norm.bias": (8,),
        "header.weight": (2, 8),
        "head.weight": (3, 8),
        "head.norm.weight": (8,),
        "head.inner.weight": (8, 8),
        "head.bias": (3,),
        "body.head.weight": (3, 8),
        "body.head.bias": (3,),
    }
    head = (["head.inner.weight", "head.weight"], lr_head), (["head.bias", "head.norm.weight"], lr_head)
    body = (
        (["body.head.weight", "header.weight", "stem"], lr_backbone),
        (["body.head.bias", "norm.bias", "norm.weight", "scale"], lr_backbone),
    )
    everything = [(*head[0], decay), (*head[1], 0.0), (*body[0], decay), (*body[1], 0.0)]
    check(shapes, everything)
    check(shapes, [(names, lr, 0.0) for names, lr, _ in everything], weight_decay=0.0)
    check(
        {"head.bias": (3,), "body.weight": (8, 5)},
        [(["head.bias"], lr_head, 0.0), (["body.weight"], lr_backbone, decay)],
    )
    check(
        {"head.weight": (3, 8), "body.bias": (8,)},
        [(["head.weight"], lr_head, decay), (["body.bias"], lr_backbone, 0.0)],
    )
    check(
        {"out_norm": (5, 2), "out.bias": (2,), "out": (2, 5), "head.bias": (2,)},
        [
            (["out"], 0.0, decay),
            (["out.bias"], 0.0, 0.0),
            (["out_norm"], 0.0, decay),
            (["head.bias"], 0.0, 0.0),
        ],
        head_prefix="out",
        lr_head=0.0,
        lr_backbone=0.0,
    )
    for nobody in [{}, {"header.weight": (2, 8), "body.head.weight": (3, 8)}]:
        refuses(f"the names {list(nobody)}", student.make_param_groups, nobody, **numbers)
    for name in numbers:
        refuses(f"a negative {name}", student.make_param_groups, shapes, **numbers | {name: -1e-3})


@pytest.mark.points(1)
def test_t11_layer_rates_and_new_head(student, rng):
    """layerwise_lrs: values, decay 1, one layer, none, errors; replace_head: the new head, an error."""
    names = [f"layer{index}" for index in rng.permutation(6)]
    base, decay = float(rng.uniform(0.5, 2.0)), float(rng.uniform(0.3, 0.8))
    for layers, factor in [(names, decay), (names, 1.0), (names[:1], decay), ([], decay)]:
        expected, lr = {}, base
        for name in reversed(layers):
            expected[name] = lr
            lr *= factor
        what = f"layerwise_lrs of {len(layers)} layers, decay {factor:.3g}"
        found = student.layerwise_lrs(layers, base_lr=base, decay=factor)
        assert_close(found, expected, rtol=1e-12, atol=0, what=what)
    twice = [*names, names[0]]
    for layers, lr, factor in [
        (twice, base, decay),
        (names, 0.0, decay),
        (names, -base, decay),
        (names, base, 0.0),
        (names, base, -decay),
        (names, base, 1.001),
    ]:
        what = f"{len(layers)} layers, {len(set(layers))} names, base_lr {lr:.3g}, decay {factor:.4g}"
        refuses(what, student.layerwise_lrs, layers, base_lr=lr, decay=factor)

    for frozen, training in [(True, False), (False, True)]:
        net, state = random_net(student, rng)
        net.train(training)
        if frozen:
            net.freeze_backbone()
        refuses("replace_head(0)", net.replace_head, 0)
        assert_equal(state_of(net), state, what="the state after replace_head(0) was refused")
        for classes in (CLASSES, 1):
            old = state_of(net)
            net.replace_head(classes)
            new, where = state_of(net), f"after replace_head({classes})"
            for name, shape in [("head.weight", (classes, HIDDEN)), ("head.bias", (classes,))]:
                assert_dtype(new[name], torch.float64, what=f"{name} {where}")
                assert new[name].shape == shape, f"{name} has shape {tuple(new[name].shape)} {where}"
                kept = torch.isin(new[name], old[name]).any()
                assert not kept, f"{name} still holds old values {where}"
            assert_equal(part(new, "backbone"), part(state, "backbone"), what=f"the backbone {where}")
            expected = {name: name.startswith("head") or not frozen for name in trainable(net)}
            assert trainable(net) == expected, f"requires_grad is wrong {where}, frozen: {frozen}"
            assert net.is_frozen() == frozen, f"is_frozen() is {not frozen} {where}"
            assert modes(net) == (training and not frozen, training), f"the net is in the wrong mode {where}"
