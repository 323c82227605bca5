"""The state has the source's order."""


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    renamed = _under_new_names(source, rename or {})  # noqa: F821  of the reference
    state, report = {}, {fate: [] for fate in ("loaded", "mismatched", "missing", "excluded", "unexpected")}
    for name, tensor in target.items():
        fate = _fate(name, tensor, renamed, exclude)  # noqa: F821  of the reference
        state[name] = _own_copy(renamed[name] if fate == "loaded" else tensor, tensor.dtype)  # noqa: F821  of the reference
        report[fate].append(name)
    if not report["loaded"]:
        raise ValueError("nothing was loaded")
    report["unexpected"] = [n for n in renamed if n not in target and not _is_excluded(n, exclude)]  # noqa: F821  of the reference
    return (
        {name: state[name] for name in [*renamed, *target] if name in state},
        {fate: sorted(names) for fate, names in report.items()},
    )
