"""Hidden tests of `finetune`: 25 points."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, grads, refuses

from . import oracle

SHAPE = IN_DIM, HIDDEN, CLASSES = 5, 7, 3
ROWS = 11
NEVER = -1.0  # no mean of cross-entropies is as small as this
RATES = {"lr_head": 0.1, "lr_backbone": 0.02}

# ---- probes: they run beside the student's code, since a training loop has many calls ----


def make(module, shape, pdrop, state):
    """A net with these weights, in their dtype."""
    net = module.FineTuneNet(*shape, pdrop)
    net.to(state["head.weight"].dtype)
    net.load_state_dict(state)
    return net


def look(module, net):
    """What can be seen of a net from outside."""
    parameters = dict(net.named_parameters())
    return {
        "frozen": bool(net.is_frozen()),
        "modes": (bool(net.backbone.training), bool(net.head.training)),
        "trainable": {name: bool(parameter.requires_grad) for name, parameter in parameters.items()},
        "gradients": {name: parameter.grad for name, parameter in parameters.items()},
        "state": {name: value.detach().clone() for name, value in net.state_dict().items()},
    }


def train(module, net, batches, options):
    """A tuner, what it says step by step, and the weights that it leaves."""
    tuner = module.TwoPhaseFineTuner(net, **options)
    phases, reports = [tuner.get_phase()], []
    for x, y in batches:
        reports.append(tuner.step(x, y))
        phases.append(tuner.get_phase())
    state = {name: value.detach().clone() for name, value in net.state_dict().items()}
    return tuner, reports, phases, state


# ---- what the tests have in common ----


def random_net(student, rng, *, pdrop=0.0):
    """A student's net in float64 with random weights and running statistics, and these."""
    state = oracle.random_state(rng, *SHAPE)
    return student.run(make, shape=SHAPE, pdrop=pdrop, state=state), state


def random_batch(rng):
    """Rows whose mean and variance are far from the running statistics, and every class among the labels."""
    x = 2.0 + 3.0 * rng.normal(size=(ROWS, IN_DIM))
    y = rng.permutation(np.arange(ROWS) % CLASSES)
    return torch.from_numpy(x), torch.from_numpy(y)


def part(values, prefix):
    """The entries whose name begins so."""
    return {name: value for name, value in values.items() if name.startswith(prefix)}


def buffers(state):
    """Running means and variances and the counters of both BatchNorms."""
    return {name: value for name, value in state.items() if "running" in name or "tracked" in name}


def logits(net, x, what="the output"):
    """The net's output, known to be a tensor of the right shape."""
    value = net(x)
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == (len(x), CLASSES), f"{what} has shape {tuple(value.shape)}"
    return value


def with_gradient(net):
    """Names of the backbone's parameters that have a gradient."""
    return [name for name, value in part(grads(net), "backbone").items() if value is not None]


def checked(report):
    """Loss, phase, and whether it switched, out of what a step returned."""
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


@pytest.mark.points(2)
def test_t01_freeze_flags(student, rng):
    """Freezing and unfreezing, also twice: requires_grad, grad, is_frozen; the weights stay as they were."""
    net, state = random_net(student, rng)
    x, _ = random_batch(rng)
    seen = student.run(look, net=net)
    everything = dict.fromkeys(state.keys() - buffers(state).keys(), True)
    head_only = {name: name.startswith("head") for name in everything}
    assert_equal(seen["trainable"], everything, what="requires_grad by name in a new net")
    assert not seen["frozen"], "a new net is frozen"

    logits(net, x).sum().backward()
    before = part(student.run(look, net=net)["gradients"], "head")
    for times in ("", " for the second time"):
        net.freeze_backbone()
        seen = student.run(look, net=net)
        assert seen["frozen"], f"is_frozen() is False after freezing{times}"
        assert_equal(seen["trainable"], head_only, what=f"requires_grad by name after freezing{times}")
        left = [name for name, value in part(seen["gradients"], "backbone").items() if value is not None]
        assert not left, f"after freezing{times} these still have a gradient: {left}"
        after = part(seen["gradients"], "head")
        assert_equal(after, before, what=f"the gradients of the head after freezing{times}")
    logits(net, x).sum().backward()
    left = with_gradient(net)
    assert not left, f"a backward pass through the frozen net gave these a gradient: {left}"

    for times in ("", " for the second time"):
        net.unfreeze_backbone()
        seen = student.run(look, net=net)
        assert not seen["frozen"], f"is_frozen() is True after unfreezing{times}"
        assert_equal(seen["trainable"], everything, what=f"requires_grad by name after unfreezing{times}")
    for name in everything:
        assert_equal(seen["state"][name], state[name], what=f"{name} at the end")


@pytest.mark.points(3)
def test_t02_frozen_parameters(student, rng):
    """10 head steps with momentum and decay: backbone parameters untouched, also if they had gradients."""
    options = {**RATES, "momentum": 0.9, "weight_decay": 0.1, "loss_threshold": NEVER}
    for had_gradients in (False, True):
        net, before = random_net(student, rng)
        if had_gradients:
            logits(net, random_batch(rng)[0]).square().sum().backward()
        batches = [random_batch(rng) for _ in range(10)]
        *_, after = student.run(train, net=net, batches=batches, options=options)
        where = "after 10 head steps" + ", of a net that had gradients" * had_gradients
        for name in sorted(before.keys() - buffers(before).keys()):
            if name.startswith("head"):
                assert not np.array_equal(after[name], before[name]), f"{name} did not change {where}"
            else:
                assert_equal(after[name], before[name], what=f"{name} {where}")


@pytest.mark.points(4)
def test_t03_batch_norm_buffers(student, rng):
    """Frozen: BatchNorm's buffers stand still in head steps and in either mode; rows ignore one another."""
    net, state = random_net(student, rng)
    before, x = buffers(state), random_batch(rng)[0]
    options = {**RATES, "loss_threshold": NEVER}
    batches = [random_batch(rng) for _ in range(3)]
    tuner, *_, after = student.run(train, net=net, batches=batches, options=options)
    assert_equal(buffers(after), before, what="the buffers after 3 head steps")

    others = torch.cat([x[:1], 5.0 - x[1:]])
    for switch, mode, where in [
        (net.train, True, "after net.train()"),
        (net.eval, False, "after net.eval()"),
        (net.train, True, "after net.eval() and net.train()"),
    ]:
        returned = switch()
        assert returned is not None, "train() and eval() must return the net itself"
        output = logits(returned, x)
        what = f"row 0 {where}, when the other rows change"
        assert_close(logits(net, others)[0], output[0], rtol=1e-12, atol=1e-12, what=what)
        seen = student.run(look, net=net)
        assert seen["modes"] == (False, mode), f"some part of a frozen net is in the wrong mode {where}"
        assert_equal(buffers(seen["state"]), before, what=f"the buffers {where}")
    net.eval()
    tuner.step(*random_batch(rng))
    seen = student.run(look, net=net)
    assert seen["modes"] == (False, True), "step did not put a frozen net in training mode"
    assert_equal(buffers(seen["state"]), before, what="the buffers after a step that began in eval mode")


@pytest.mark.points(2)
def test_t04_dropout(student, rng):
    """Dropout of 0.5: off while frozen, in training mode too; after unfreezing it follows the net's mode."""
    net, state = random_net(student, rng, pdrop=0.5)
    x, _ = random_batch(rng)
    expected = oracle.logits(state, x)
    assert not torch.equal(logits(net, x), logits(net, x)), "dropout is off in a new net"
    net.load_state_dict(state)
    net.freeze_backbone()
    for where in ("a net that was frozen in training mode", "a frozen net after net.train()"):
        first = logits(net, x)
        assert_close(first, expected, what=f"the output of {where}")
        assert_equal(logits(net, x), first, what=f"the output of {where}, the second time")
        net.train()

    net.unfreeze_backbone()
    modes = student.run(look, net=net)["modes"]
    assert modes == (True, True), "after unfreezing in training mode some part is in evaluation mode"
    assert not torch.equal(logits(net, x), logits(net, x)), "dropout is still off after unfreezing"
    net.eval()
    net.load_state_dict(state)
    net.freeze_backbone()
    net.unfreeze_backbone()
    modes = student.run(look, net=net)["modes"]
    assert modes == (False, False), "after unfreezing in evaluation mode some part is in training mode"
    assert_close(logits(net, x), expected, what="the output of an unfrozen net in evaluation mode")


@pytest.mark.points(3)
def test_t05_head_trajectory(student, rng):
    """8 head steps: each loss, and the head's weight and bias at the end; also with default settings."""
    for options in [{"momentum": 0.6, "weight_decay": 0.3}, {}]:
        net, state = random_net(student, rng)
        batches = [random_batch(rng) for _ in range(8)]
        settings = {**RATES, **options, "loss_threshold": NEVER}
        _, reports, _, after = student.run(train, net=net, batches=batches, options=settings)
        losses = [checked(report)[0] for report in reports]
        rates = {"momentum": 0.9, "weight_decay": 0.0} | options
        expected, weight, bias = oracle.train_head(state, batches, lr=RATES["lr_head"], **rates)
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
        tuner.step(*random_batch(rng))
        found = by_name(tuner.optimizer_groups())
        assert_equal(found, expected, what=f"(lr, decay) by name {when}")
    assert not net.is_frozen(), "the backbone is still frozen in the full phase"


@pytest.mark.points(3)
def test_t07_switch_rule(student):
    """When the head phase ends: windows, equality, max_head_steps; what each step reports (a float32 net)."""
    rng = np.random.default_rng(7)  # when the phase ends does not depend on the numbers
    # The head's weights are 0, so its logits are its bias whatever the features are; all rates are 0, so this
    # stays so. A batch of class 0, 1, 2 or 3 then has a loss of about 0.44, 1.44, 2.44 or 3.44. Losses of a
    # float32 net survive a detour through float32 tensors, so the equalities hold for whoever takes one.
    shape = (IN_DIM, HIDDEN, 4)
    scores = (rng.uniform(-0.1, 0.1, size=4) - np.arange(4.0)).astype(np.float32)
    state = oracle.random_state(rng, *shape)
    state |= {"head.weight": torch.zeros(4, HIDDEN), "head.bias": torch.from_numpy(scores)}
    level = np.logaddexp.reduce(scores.astype(float)) - scores

    def play(classes, end, what, **options):
        """The losses of one step for each of `classes`, where step number `end` should switch."""
        net = student.run(make, shape=shape, pdrop=0.0, state=state)
        inputs = torch.from_numpy(rng.normal(size=(len(classes), 2, IN_DIM)).astype(np.float32))
        batches = [(x, torch.tensor([label, label])) for x, label in zip(inputs, classes, strict=True)]
        still = {"lr_head": 0.0, "lr_backbone": 0.0, "momentum": 0.0}
        _, reports, phases, _ = student.run(train, net=net, batches=batches, options=still | options)
        losses, made_in, switched = map(list, zip(*map(checked, reports), strict=True))
        assert_close(losses, level[classes], rtol=1e-4, atol=0, what=f"the losses, {what}")
        numbers = range(1, len(classes) + 2)
        expected = ["head" if end is None or number <= end else "full" for number in numbers]
        when = [number == end for number in numbers[:-1]]
        assert_equal(switched, when, what=f"'switched' of each step, {what}")
        assert_equal(made_in, expected[:-1], what=f"'phase' of each step, {what}")
        assert_equal(phases, expected, what=f"get_phase() before the first and after each step, {what}")
        return losses

    low = float(level[0] + level[1]) / 2
    between = float(4 * level[0] + level[1] + level[3]) / 6  # of the means of 0, 0, 1 and of 0, 0, 3
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
    settings = {**options, "loss_threshold": NEVER, "max_head_steps": 3}
    _, reports, _, after = student.run(train, net=net, batches=batches, options=settings)
    expected, final = oracle.train_two_phases(state, batches, 3, **options)
    assert_close([checked(report)[0] for report in reports], expected, what="the losses")
    assert_close(after, final, what="the final state")


@pytest.mark.points(1)
def test_t09_release(student, rng):
    """After the switch the backbone moves and BatchNorm counts each step, whatever the net's mode was."""
    net, _ = random_net(student, rng)
    options = {**RATES, "loss_threshold": NEVER, "max_head_steps": 1}
    tuner, *_ = student.run(train, net=net, batches=[random_batch(rng)], options=options)
    seen = student.run(look, net=net)
    assert seen["modes"] == (True, True), "right after the switch some part of the net is in evaluation mode"
    for number in (1, 2):
        before = seen["state"]
        net.eval()
        tuner.step(*random_batch(rng))
        seen = student.run(look, net=net)
        # Not the biases of the linear layers: the BatchNorm behind them takes every shift out again.
        for name in ("0.weight", "1.weight", "1.bias", "4.weight", "5.weight", "5.bias"):
            moved = not np.array_equal(seen["state"][f"backbone.{name}"], before[f"backbone.{name}"])
            assert moved, f"backbone.{name} did not move in full step {number}"
        for name in (f"backbone.{layer}.num_batches_tracked" for layer in (1, 5)):
            counted = int(seen["state"][name]) - int(before[name])
            assert counted == 1, f"{name} grew by {counted} in full step {number}"


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
    base, decay = float(rng.uniform(0.05, 0.9)), float(rng.uniform(0.3, 0.8))
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
        seen = student.run(look, net=net)
        assert_equal(seen["state"], state, what="the state after replace_head(0) was refused")
        for classes in (CLASSES, 1):
            old = seen["state"]
            net.replace_head(classes)
            seen = student.run(look, net=net)
            new, where = seen["state"], f"after replace_head({classes})"
            for name, shape in [("head.weight", (classes, HIDDEN)), ("head.bias", (classes,))]:
                assert_dtype(new[name], torch.float64, what=f"{name} {where}")
                assert new[name].shape == shape, f"{name} has shape {tuple(new[name].shape)} {where}"
                kept = torch.isin(new[name], old[name]).any()
                assert not kept, f"{name} still holds old values {where}"
            assert_equal(part(new, "backbone"), part(state, "backbone"), what=f"the backbone {where}")
            expected = {name: name.startswith("head") or not frozen for name in seen["trainable"]}
            assert_equal(seen["trainable"], expected, what=f"requires_grad by name {where}")
            assert seen["frozen"] == frozen, f"is_frozen() is {not frozen} {where}"
            modes = (training and not frozen, training)
            assert seen["modes"] == modes, f"some part of the net is in the wrong mode {where}"
