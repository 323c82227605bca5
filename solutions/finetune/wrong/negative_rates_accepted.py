"""make_param_groups does not look at the numbers, so the tuner takes negative ones too."""


def make_param_groups(shapes, *, lr_head, lr_backbone, weight_decay, head_prefix="head"):
    if not any(_belongs_to(name, head_prefix) for name in shapes):  # noqa: F821  of the reference
        raise ValueError(f"no parameter belongs to {head_prefix!r}")
    groups = []
    for in_head, lr in [(True, lr_head), (False, lr_backbone)]:
        for decayed, decay in [(True, weight_decay), (False, 0.0)]:
            names = sorted(
                name
                for name, shape in shapes.items()
                if _belongs_to(name, head_prefix) == in_head and (len(shape) >= 2) == decayed  # noqa: F821  of the reference
            )
            if names:
                groups.append({"names": names, "lr": lr, "weight_decay": decay})
    return groups
