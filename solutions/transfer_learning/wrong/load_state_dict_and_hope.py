"""The target becomes a module, and `load_state_dict(strict=False)` is trusted with everything."""

from torch import nn


def _module(state):
    root = nn.Module()
    for key, value in state.items():
        *path, name = key.split(".")
        module = root
        for part in path:
            if not hasattr(module, part):
                module.add_module(part, nn.Module())
            module = getattr(module, part)
        module.register_buffer(name, value.detach().clone())
    return root


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    renamed = _under_new_names(source, rename or {})  # noqa: F821  of the reference
    wanted = {name: value for name, value in renamed.items() if not _is_excluded(name, exclude)}  # noqa: F821  of the reference
    excluded = sorted(name for name in target if _is_excluded(name, exclude))  # noqa: F821  of the reference
    module = _module(target)
    found = module.load_state_dict(wanted, strict=False)
    loaded = sorted(name for name in wanted if name in target)
    if not loaded:
        raise ValueError("nothing was loaded")
    state = module.state_dict()
    missing = sorted(set(found.missing_keys) - set(excluded))
    report = {"loaded": loaded, "mismatched": [], "missing": missing, "excluded": excluded}
    return {name: state[name] for name in target}, report | {"unexpected": sorted(found.unexpected_keys)}
