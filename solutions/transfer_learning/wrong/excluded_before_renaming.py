"""The excluded prefixes are looked for in the source's own names, before renaming."""


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    renamed = _under_new_names(source, rename or {})  # noqa: F821  of the reference
    barred = {_renamed(key, rename or {}) for key in source if _is_excluded(key, exclude)}  # noqa: F821  of the reference
    barred |= {name for name in target if name not in renamed and _is_excluded(name, exclude)}  # noqa: F821  of the reference
    state, report = {}, {fate: [] for fate in ("loaded", "mismatched", "missing", "excluded", "unexpected")}
    for name, tensor in target.items():
        fate = "excluded" if name in barred else _fate(name, tensor, renamed, ())  # noqa: F821  of the reference
        state[name] = _own_copy(renamed[name] if fate == "loaded" else tensor, tensor.dtype)  # noqa: F821  of the reference
        report[fate].append(name)
    if not report["loaded"]:
        raise ValueError("nothing was loaded")
    report["unexpected"] = [name for name in renamed if name not in target and name not in barred]
    return state, {fate: sorted(names) for fate, names in report.items()}
