"""The source's values are written into the target's tensors."""


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    renamed = _under_new_names(source, rename or {})  # noqa: F821  of the reference
    state, report = {}, {fate: [] for fate in ("loaded", "mismatched", "missing", "excluded", "unexpected")}
    for name, tensor in target.items():
        fate = _fate(name, tensor, renamed, exclude)  # noqa: F821  of the reference
        if fate == "loaded":
            tensor.detach().copy_(renamed[name].detach())
        state[name] = _own_copy(tensor, tensor.dtype)  # noqa: F821  of the reference
        report[fate].append(name)
    if not report["loaded"]:
        raise ValueError("nothing was loaded")
    report["unexpected"] = [n for n in renamed if n not in target and not _is_excluded(n, exclude)]  # noqa: F821  of the reference
    return state, {fate: sorted(names) for fate, names in report.items()}
