"""Public tests of finetune: small cases to try your code on. They carry no points."""

import numpy as np
import torch


def tiny_net(student):
    """The net of the handout's example: one feature, which is 1 for every input, and a head of zeros."""
    net = student.FineTuneNet(1, 1, 2)
    net.double()
    state = {name: torch.zeros_like(value) for name, value in net.state_dict().items()}
    for name in ("1.weight", "1.running_var", "5.weight", "5.bias", "5.running_var"):
        state[f"backbone.{name}"] = torch.ones(1, dtype=torch.float64)
    net.load_state_dict(state)
    return net


def test_p1_frozen_backbone_stays_in_eval_mode(student):
    """freeze_backbone, then net.train(): the backbone is in evaluation mode, the head in training mode."""
    net = student.FineTuneNet(4, 6, 3)
    net.freeze_backbone()
    net.train()
    assert net.is_frozen()
    assert not net.backbone.training
    assert net.head.training


def test_p2_head_step_leaves_the_backbone_alone(student):
    """One head step changes the head, but no parameter and no buffer of the backbone."""
    net = student.FineTuneNet(4, 6, 3)
    tuner = student.TwoPhaseFineTuner(
        net, lr_head=0.1, lr_backbone=0.01, weight_decay=0.1, loss_threshold=0.0
    )
    before = {name: np.array(value) for name, value in net.state_dict().items()}
    tuner.step(torch.randn(5, 4), torch.tensor([0, 1, 2, 0, 1]))
    changed = [name for name, value in net.state_dict().items() if not np.array_equal(value, before[name])]
    assert sorted(changed) == ["head.bias", "head.weight"]


def test_p3_param_groups(student):
    """Four parameters, one for each group."""
    shapes = {"stem.bias": (4,), "stem.weight": (4, 8), "head.bias": (3,), "head.weight": (3, 4)}
    groups = student.make_param_groups(shapes, lr_head=0.1, lr_backbone=0.01, weight_decay=0.5)
    print(groups)
    assert [list(group["names"]) for group in groups] == [
        ["head.weight"],
        ["head.bias"],
        ["stem.weight"],
        ["stem.bias"],
    ]
    assert [group["lr"] for group in groups] == [0.1, 0.1, 0.01, 0.01]
    assert [group["weight_decay"] for group in groups] == [0.5, 0.0, 0.5, 0.0]


def test_p4_layerwise_lrs(student):
    """The last layer learns with base_lr, each one before it half as fast as the next."""
    rates = student.layerwise_lrs(["emb", "l0", "l1"], base_lr=1, decay=0.5)
    assert rates == {"emb": 0.25, "l0": 0.5, "l1": 1}


def test_p5_three_steps(student):
    """The worked example of the handout: two head steps, the second of which switches, and a full one."""
    net = tiny_net(student)
    tuner = student.TwoPhaseFineTuner(
        net, lr_head=0.1, lr_backbone=0.01, weight_decay=0.1, loss_threshold=0.65, window=2
    )
    x, y = torch.tensor([[1.0], [2.0]], dtype=torch.float64), torch.tensor([0, 0])
    reports = []
    for weight, bias in [(0.05, 0.05), (0.139517, 0.140017), (0.255063, 0.257408)]:
        reports.append(tuner.step(x, y))
        state = net.state_dict()
        print(reports[-1])
        np.testing.assert_allclose(state["head.weight"], [[weight], [-weight]], atol=1e-6)
        np.testing.assert_allclose(state["head.bias"], [bias, -bias], atol=1e-6)
    losses = [report["loss"] for report in reports]
    np.testing.assert_allclose(losses, [0.693147, 0.598139, 0.452185], atol=1e-6)
    assert [report["phase"] for report in reports] == ["head", "head", "full"]
    assert [bool(report["switched"]) for report in reports] == [False, True, False]
    assert tuner.get_phase() == "full"
    assert int(state["backbone.1.num_batches_tracked"]) == 1
