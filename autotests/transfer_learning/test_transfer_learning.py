"""Hidden tests of `transfer_learning`: 25 points."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, refuses

from . import oracle

FATES = ["excluded", "loaded", "mismatched", "missing", "unexpected"]


def normal(rng, *shape, dtype=torch.float64):
    """Standard normal numbers."""
    return torch.as_tensor(rng.normal(size=shape), dtype=dtype)


def random_state(rng, shapes):
    """A state dict of random float64 tensors."""
    return {name: normal(rng, *shape) for name, shape in shapes.items()}


def alike(rng, names):
    """A state dict whose tensors all have the same shape."""
    return random_state(rng, dict.fromkeys(names, (2,)))


def pair(result, name):
    """The result as two values, for a test that looks at them one by one."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not two values"
    assert len(result) == 2, f"{name} returned {len(result)} values, not two"
    return result


def report_of(**lists):
    """A report; the lists that are not named are empty."""
    return {fate: lists.get(fate, []) for fate in FATES}


def is_names(value):
    """Whether the value is a list of strings; a tuple will do."""
    return isinstance(value, list | tuple) and all(isinstance(name, str) for name in value)


def transfer(student, source, target, expected, where, **options):
    """One transfer whose state and report are as expected. Returns the state."""
    expected_state, expected_report = expected
    result = student.transfer_state_dict(source, target, **options)
    state, report = pair(result, "transfer_state_dict")
    for name, value in [("state", state), ("report", report)]:
        assert isinstance(value, dict), f"the {name} is {describe(value)}, not a dict ({where})"
    assert set(report) == set(FATES), f"the report has the keys {sorted(map(str, report))} ({where})"
    for fate, expected_names in expected_report.items():
        names, what = report[fate], f"report[{fate!r}]"
        assert is_names(names), f"{what} is {describe(names)}, not a list of strings ({where})"
        lacks, extra = sorted(set(expected_names) - set(names)), sorted(set(names) - set(expected_names))
        assert not lacks + extra, f"{what} lacks {lacks} and should not have {extra} ({where})"
        assert len(set(names)) == len(names), f"{what} has a name twice ({where})"
        assert list(names) == sorted(names), f"{what} is not sorted ({where})"
    assert set(state) == set(target), f"the state has other keys than the target ({where})"
    assert list(state) == list(target), f"the keys of the state are not in the target's order ({where})"
    for name in target:
        assert_equal(state[name], expected_state[name], what=f"{name} ({where})")
    return state


def overwritten(module, source, target):
    """What source and target hold after every tensor of the result was changed in place."""
    import torch

    state, _ = module.transfer_state_dict(source, target)
    with torch.no_grad():
        for value in state.values():
            value += 1
    return [{name: value.detach() for name, value in given.items()} for given in (source, target)]


def start_overwritten(module, w0, x, y):
    """What w0 holds after the result of no steps at all was changed in place."""
    w = module.fine_tune_linear(w0, x, y, lr=0.1, steps=0)
    w += 1
    return w0


@pytest.mark.points(2)
def test_t01_exact_copy(student, rng):
    """transfer_state_dict, the same keys and shapes on both sides: all loaded, in the target's order."""
    shapes = {"stem": (5, 3), "body.1.weight": (2, 3, 5), "body.0.bias": (7,), "steps": (), "head": (1, 5)}
    for options in [{}, {"exclude": (), "rename": None}, {"exclude": ["legs"], "rename": {"legs": "arms"}}]:
        target = random_state(rng, shapes)
        source = random_state(rng, dict(reversed(shapes.items())))
        where = f"with {options}" if options else "without options"
        transfer(student, source, target, (source, report_of(loaded=sorted(shapes))), where, **options)


@pytest.mark.points(3)
def test_t02_shape_mismatch(student, rng):
    """transfer_state_dict, shapes that broadcast, can be reshaped or cut: the target's value stays."""
    pairs = [
        ((1, 4), (3, 4)),
        ((4,), (3, 4)),
        ((), (2,)),
        ((), (1,)),
        ((1,), ()),
        ((2, 1), (2,)),
        ((3, 2), (2, 3)),
        ((6,), (2, 3)),
        ((2, 3), (6,)),
        ((10, 5), (3, 5)),
        ((3, 5), (10, 5)),
    ]
    for given, wanted in pairs:
        source = random_state(rng, {"fits": (3, 4), "odd": given})
        target = random_state(rng, {"odd": wanted, "fits": (3, 4)})
        expected = target | {"fits": source["fits"]}, report_of(loaded=["fits"], mismatched=["odd"])
        transfer(student, source, target, expected, f"odd is {given} in the source, {wanted} in the target")


@pytest.mark.points(2)
def test_t03_exclude(student, rng):
    """transfer_state_dict, exclude: whole components, at the beginning, of the names after renaming."""
    keep = ["header.weight", "head2", "my.head.weight", "my.head", "body.norm1.bias", "body.weight", "Head"]
    for exclude, out in [
        (["head"], ["head.weight", "head.0.bias"]),
        (("head",), ["head"]),
        (["body.norm", "absent", "tail"], ["body.norm.bias", "body.norm", "tail.weight"]),
    ]:
        source, target = alike(rng, [*out, *keep]), alike(rng, [*keep, *out])
        expected = source | {name: target[name] for name in out}
        report = report_of(excluded=sorted(out), loaded=sorted(keep))
        transfer(student, source, target, (expected, report), f"exclude={exclude}", exclude=exclude)

    # Whatever the source has for an excluded name, the target's value stays, and one list reports it.
    options = {"rename": {"top": "head"}, "exclude": ["head", "top"]}
    source = random_state(
        rng, {"top.fits": (2, 3), "top.odd": (3, 2), "top.extra": (3,), "body": (3,), "unknown": (3,)}
    )
    target = random_state(
        rng, {"head.fits": (2, 3), "head.odd": (2, 3), "head.lacking": (3,), "top.own": (3,), "body": (3,)}
    )
    report = report_of(
        excluded=["head.fits", "head.lacking", "head.odd", "top.own"], loaded=["body"], unexpected=["unknown"]
    )
    transfer(student, source, target, (target | {"body": source["body"]}, report), f"{options}", **options)
    options = {"rename": {"top": "tail"}, "exclude": ["top"]}
    source, target = alike(rng, ["top.a", "body"]), alike(rng, ["tail.a", "body"])
    expected = {"tail.a": source["top.a"], "body": source["body"]}, report_of(loaded=["body", "tail.a"])
    transfer(student, source, target, expected, f"{options}", **options)


@pytest.mark.points(2)
def test_t04_rename(student, rng):
    """transfer_state_dict, rename: removed, added or replaced, once, by the longest prefix; its errors."""
    for rename, names in [
        ({"module": ""}, {"module.a.w": "a.w", "module.module.w": "module.w", "modules.w": "modules.w"}),
        ({"": "bert"}, {"w": "bert.w", "bert.w": "bert.bert.w"}),
        ({"": ""}, {"w": "w", "a.w": "a.w"}),
        ({"a": "x", "a.b": "y.z", "": "o"}, {"a.w": "x.w", "a.b.w": "y.z.w", "a.bc": "x.bc", "c.w": "o.c.w"}),
        ({"": "o", "a.b": "", "a": "x"}, {"a.w": "x.w", "a.b.w": "w", "b.w": "o.b.w"}),
        ({"a": "b", "b": "c", "c": "d"}, {"a.w": "b.w", "b.w": "c.w", "c": "d"}),
        ({"a": "b", "b": "a"}, {"a.w": "b.w", "b.w": "a.w"}),
        (
            {"a": "x", "q": "z"},
            {"a.a.w": "x.a.w", "a.b.a": "x.b.a", "b.a.w": "b.a.w", "b.a": "b.a", "ab": "ab", "a": "x"},
        ),
        ({"enc.layer.0": "body.3"}, {"enc.layer.0.w": "body.3.w", "enc.layer.01.w": "enc.layer.01.w"}),
    ]:
        source, target = alike(rng, names), alike(rng, sorted(names.values()))
        expected = {names[old]: value for old, value in source.items()}
        report = report_of(loaded=sorted(names.values()))
        transfer(student, source, target, (expected, report), f"rename={rename}", rename=rename)

    source, target = alike(rng, ["old.b", "old.a", "keep"]), alike(rng, ["new.a", "old.b", "keep"])
    expected = target | {"keep": source["keep"], "new.a": source["old.a"]}
    report = report_of(loaded=["keep", "new.a"], missing=["old.b"], unexpected=["new.b"])
    rename = {"old": "new"}
    transfer(student, source, target, (expected, report), f"rename={rename}", rename=rename)

    target = alike(rng, ["b.w", "c"])
    for what, keys, options in [
        ("two keys that become b.w", ["a.w", "b.w", "c"], {"rename": {"a": "b"}}),
        ("two keys that become x.w", ["a.w", "b.w", "c"], {"rename": {"a": "x", "b": "x"}}),
        ("excluded x.w twice", ["a.w", "b.w", "c"], {"rename": {"a": "x", "b": "x"}, "exclude": ["x"]}),
        ("a key without a name left", ["a", "b.w", "c"], {"rename": {"a": ""}}),
        ("a key without components left", ["a.w", "b.w", "c"], {"rename": {"a.w": "", "a": "x"}}),
    ]:
        what = f"{what}: {keys} with {options}"
        refuses(what, student.transfer_state_dict, alike(rng, keys), target, **options)


@pytest.mark.points(2)
def test_t05_report(student, rng):
    """transfer_state_dict, mixed dictionaries: each key in the one list where it belongs, lists sorted."""
    for rename, exclude in [
        (None, ["head", "z.b"]),
        ({"net": ""}, ["head", "z"]),
        ({"": "net"}, ["net.head"]),
    ]:
        had, wanted = {}, {}  # shapes by name, by the target's naming
        for part in ["head", "heads", "z", "body.head"]:
            same, other, only_had, only_wanted = [f"{part}.{letter}" for letter in rng.permutation([*"abcd"])]
            had |= {same: (3, 2), other: (3, 2), only_had: (3, 2)}
            wanted |= {same: (3, 2), other: (2, 3), only_wanted: (3, 2)}
        # In falling order, so that nobody finds the names sorted already.
        before = "net." if rename and "net" in rename else ""
        after = "net." if rename and "" in rename else ""
        source = random_state(rng, {before + name: had[name] for name in sorted(had, reverse=True)})
        target = random_state(rng, {after + name: wanted[name] for name in sorted(wanted, reverse=True)})
        options = {"exclude": exclude} | ({"rename": rename} if rename else {})
        expected = oracle.transferred(source, target, **options)
        transfer(student, source, target, expected, f"{options}", **options)


@pytest.mark.points(2)
def test_t06_purity_and_dtype(student, rng):
    """transfer_state_dict: the target's dtypes, no requires_grad, no shared memory, arguments unchanged."""
    single, double = torch.float32, torch.float64
    for _ in range(2):
        source = {
            "narrowed": normal(rng, 2, 3, dtype=double).requires_grad_(),
            "widened": normal(rng, 3, dtype=single),
            "same": normal(rng, 5, dtype=single).requires_grad_(),
            "plain": normal(rng, 5, dtype=double),
            "steps": torch.tensor(int(rng.integers(100, 200))),
            "odd": normal(rng, 3, dtype=double),
        }
        target = {
            "narrowed": normal(rng, 2, 3, dtype=single),
            "widened": normal(rng, 3, dtype=double).requires_grad_(),
            "same": normal(rng, 5, dtype=single),
            "plain": normal(rng, 5, dtype=double),
            "steps": torch.tensor(int(rng.integers(100))),
            "odd": normal(rng, 2, dtype=single).requires_grad_(),
            "lacking": normal(rng, 2, dtype=double),
        }
        expected = oracle.transferred(source, target)
        state = transfer(student, source, target, expected, "tensors of several dtypes")
        assert not student.last_call.changed, "transfer_state_dict changed one of its arguments in place"
        for name, value in state.items():
            assert_dtype(value, target[name].dtype, what=name)
            assert isinstance(value, torch.Tensor), f"{name} is {describe(value)}, not a tensor"
            assert not value.requires_grad, f"{name} has requires_grad True"
        copies = [
            {name: value.detach().clone() for name, value in given.items()} for given in (source, target)
        ]
        left = student.run(overwritten, source=source, target=target)
        what = "(source, target) after the result was changed in place"
        assert_equal(left, copies, what=what)


@pytest.mark.points(1)
def test_t07_nothing_loaded(student, rng):
    """transfer_state_dict refuses to load nothing: wrong names, wrong shapes, all excluded, empty dicts."""
    names = ["enc.weight", "head.weight"]
    source, target = alike(rng, names), alike(rng, names)
    wrapped = {f"module.{name}": value for name, value in source.items()}
    odd = random_state(rng, dict.fromkeys(names, (1,)))
    for what, given, wanted, options in [
        ("source keys that begin with 'module.'", wrapped, target, {}),
        ("target keys that begin with 'module.'", source, wrapped, {}),
        ("a rename that takes all names away", source, target, {"rename": {"": "module"}}),
        ("shapes that all differ", odd, target, {}),
        ("every prefix of the target excluded", source, target, {"exclude": ["enc", "head"]}),
        ("exclude=['']", source, target, {"exclude": [""]}),
        ("an empty source", {}, target, {}),
        ("an empty target", source, {}, {}),
    ]:
        refuses(what, student.transfer_state_dict, given, wanted, **options)
    expected = target | {"enc.weight": source["enc.weight"]}
    report = report_of(loaded=["enc.weight"], excluded=["head.weight"])
    options = {"rename": {"module": ""}, "exclude": ["head"]}
    transfer(student, wrapped, target, (expected, report), "one key is enough", **options)


def features_and_labels(rng, n, d, classes, *, dtype=torch.float64):
    """Features far from centred, and labels of all the given classes if n allows."""
    features = torch.as_tensor(rng.uniform(1.0, 4.0, size=d) + rng.normal(size=(n, d)), dtype=dtype)
    return features, torch.from_numpy(rng.permutation(np.resize(classes, n)))


@pytest.mark.points(3)
def test_t08_probe(student, rng):
    """linear_probe: W and b for n < d, n > d, n = 1 and classes that do not occur; dtypes; errors."""
    for n, d, classes, n_classes, l2 in [
        (5, 7, [0, 1, 2], 3, 0.3),
        (13, 4, [0, 1, 2], 3, 0.05),
        (11, 5, [0, 2], 5, 2.0),
        (1, 3, [1], 2, 0.5),
    ]:
        features, labels = features_and_labels(rng, n, d, classes)
        expected = oracle.probe(features.numpy(), labels.numpy(), n_classes, l2)
        result = student.linear_probe(features, labels, n_classes, l2)
        assert not student.last_call.changed, "linear_probe changed one of its arguments in place"
        for name, got, want in zip("Wb", pair(result, "linear_probe"), expected, strict=True):
            what = f"{name} for n={n}, d={d}, {n_classes} classes, {len(classes)} of which occur, l2={l2}"
            assert_close(got, want, rtol=1e-8, atol=1e-8, what=what)

    features, labels = features_and_labels(rng, 7, 3, [0, 1], dtype=torch.float32)
    expected = oracle.probe(features.double().numpy(), labels.numpy(), 2, 0.5)
    result = pair(student.linear_probe(features, labels, 2, 0.5), "linear_probe")
    for name, got, want in zip("Wb", result, expected, strict=True):
        assert_dtype(got, torch.float32, what=f"{name} for float32 features")
        assert_close(got, want, rtol=1e-4, atol=1e-4, what=f"{name} for float32 features")

    for what, given, wanted, l2 in [
        ("l2 = 0", features, labels, 0.0),
        ("l2 = -0.1", features, labels, -0.1),
        ("a label of -1", features, torch.where(labels == 0, -1, labels), 0.5),
        ("a label of 2 with 2 classes", features, labels + 1, 0.5),
        ("n = 0", features[:0], labels[:0], 0.5),
        ("7 rows of features and 6 labels", features, labels[:6], 0.5),
        ("7 rows of features and 1 label", features, labels[:1], 0.5),
        ("6 rows of features and 7 labels", features[:6], labels, 0.5),
        ("1 row of features and 7 labels", features[:1], labels, 0.5),
    ]:
        refuses(what, student.linear_probe, given, wanted, 2, l2)


@pytest.mark.points(1)
def test_t09_probe_shift(student, rng):
    """linear_probe: a constant added to all features changes neither W nor the predictions f W + b."""
    for n, d in [(4, 6), (12, 5), (9, 3)]:
        features, labels = features_and_labels(rng, n, d, [0, 1, 2])
        weight, bias = oracle.probe(features.numpy(), labels.numpy(), 3, 0.2)
        predictions = features.numpy() @ weight + bias
        shift = torch.from_numpy(rng.uniform(2.0, 6.0, size=d) * rng.choice([-1.0, 1.0], size=d))
        for moved, where in [(features, "before the shift"), (features + shift, "after the shift")]:
            got = pair(student.linear_probe(moved, labels, 3, 0.2), "linear_probe")
            got_weight, got_bias = as_array(got[0], "W"), as_array(got[1], "b")
            assert_close(got_weight, weight, rtol=1e-8, atol=1e-8, what=f"W {where}")
            assert got_bias.shape == (3,), f"b has shape {got_bias.shape} for 3 classes"
            got_predictions = moved.numpy() @ got_weight + got_bias
            assert_close(got_predictions, predictions, rtol=1e-8, atol=1e-8, what=f"the predictions {where}")


def linear_data(rng, n, d):
    """Inputs, targets of a random linear model with some noise. No eigenvalue of x^T x / n is above 3 d."""
    x = rng.uniform(-(3**0.5), 3**0.5, size=(n, d))
    return x, x @ away_from_zero(rng, d) + 0.1 * rng.normal(size=n)


def away_from_zero(rng, d):
    """Weights of either sign, 0.5 to 1.5 in absolute value."""
    return rng.uniform(0.5, 1.5, size=d) * rng.choice([-1.0, 1.0], size=d)


@pytest.mark.points(3)
def test_t10_fine_tune(student, rng):
    """fine_tune_linear: 0, 1 and 17 steps, with and without l2_sp; steps=0 gives a copy; errors."""
    for n, d, options in [
        (11, 5, {}),
        (4, 7, {"l2_sp": 0.6}),
        (3, 6, {"l2_sp": 0.0}),
        (9, 4, {"l2_sp": 2.5}),
    ]:
        x, y = linear_data(rng, n, d)
        w0 = away_from_zero(rng, d)
        for steps in (0, 1, 17):
            expected = oracle.descended(w0, x, y, 0.07, steps, **options)
            got = student.fine_tune_linear(*oracle.tensors(w0, x, y), lr=0.07, steps=steps, **options)
            assert not student.last_call.changed, "fine_tune_linear changed one of its arguments in place"
            where = f"for n={n}, d={d}, steps={steps}, {options or 'no l2_sp'}"
            assert_close(got, expected, what=f"the weights {where}")
    w0, x, y = oracle.tensors(w0, x, y)
    left = student.run(start_overwritten, w0=w0.clone(), x=x, y=y)
    assert_equal(left, w0, what="w0 after the result of steps=0 was changed in place")
    single = [value.float() for value in (w0, x, y)]
    got = student.fine_tune_linear(*single, lr=0.07, steps=2)
    assert_dtype(got, torch.float32, what="the weights for float32 arguments")

    usual = {"lr": 0.1, "steps": 1}
    for wrong in [{"steps": -1}, {"lr": 0.0}, {"lr": -0.1}, {"l2_sp": -0.1}]:
        refuses(f"{wrong}", student.fine_tune_linear, w0, x, y, **usual | wrong)
    for given in [
        (w0[:3], x, y),
        (w0[:1], x, y),
        (w0[:, None], x, y),
        (w0[0], x, y),
        (w0, x, y[:8]),
        (w0, x, y[:1]),
        (w0, x, y[:, None]),
        (w0, x, y[0]),
        (w0, x.T, y),
        (w0, x[0], y),
        (w0, x[:, :, None], y),
    ]:
        shapes = ", ".join(
            f"{name} {tuple(value.shape)}" for name, value in zip(["w0", "x", "y"], given, strict=True)
        )
        refuses(f"shapes {shapes}", student.fine_tune_linear, *given, **usual)


@pytest.mark.points(1)
def test_t11_few_shot_gap(student, rng):
    """few_shot_gap: values for a near source, which helps, and for a far one, which harms; errors."""
    n, d, m, options = 8, 20, 30, {"lr": 0.05, "steps": 50}
    for distance, name in [(0.1, "a near"), (5.0, "a far")]:
        truth, epsilon = away_from_zero(rng, d), away_from_zero(rng, d)
        x, x_test = rng.normal(size=(n, d)), rng.normal(size=(m, d))
        w_source, y, y_test = truth + distance * epsilon, x @ truth, x_test @ truth
        data = (w_source, x, y, x_test, y_test)
        expected = oracle.gap(*data, **options)
        got = student.few_shot_gap(*oracle.tensors(*data), **options)
        assert not student.last_call.changed, "few_shot_gap changed one of its arguments in place"
        assert_close(got, expected, rtol=1e-8, atol=1e-8, what=f"few_shot_gap for {name} source")

    w_source, x, y, x_test, y_test = oracle.tensors(*data)
    for what, given in [
        ("y of shape (8, 1)", (w_source, x, y[:, None], x_test, y_test)),
        ("y_test of shape (30, 1)", (w_source, x, y, x_test, y_test[:, None])),
        ("y_test of shape (1,)", (w_source, x, y, x_test, y_test[:1])),
        ("x_test of shape (30, 19)", (w_source, x, y, x_test[:, 1:], y_test)),
    ]:
        refuses(what, student.few_shot_gap, *given, **options)
    for wrong in [{"steps": -1}, {"lr": 0.0}]:
        refuses(f"{wrong}", student.few_shot_gap, *oracle.tensors(*data), **options | wrong)


@pytest.mark.points(2)
def test_t12_embeddings(student, rng):
    """transfer_embeddings: shuffled, partly new vocabularies; both new_init; the pad token; errors."""
    words = rng.permutation(["the", "cat", "sat", "on", "mat", "<unk>", ""]).tolist()
    pad, src = "<pad>", [*words[:3], "<pad>", *words[3:]]
    rows = rng.normal(size=(8, 5))
    # No shared token has the same row in both vocabularies, and not all are shared.
    tgt = ["zebra", src[4], src[0], "apple", src[6], src[1], "mango"]
    real = [row for index, row in enumerate(rows) if index != 3]
    mean, mean_of_real, zeros = rows.mean(axis=0), np.mean(real, axis=0), np.zeros(5)
    new_pad = {"pad_token": "[PAD]"}
    for tgt_vocab, fresh, options in [
        (tgt, mean, {}),
        (tgt, zeros, {"new_init": "zeros"}),
        ([*tgt, pad], mean, {}),
        ([*tgt, pad], mean_of_real, {"new_init": "mean", "pad_token": pad}),
        ([pad, *tgt], zeros, {"new_init": "zeros", "pad_token": pad}),
        (tgt, mean_of_real, {"pad_token": pad}),
        (["[PAD]", *tgt], mean, new_pad),
        (tgt, mean, new_pad),
        (src[::-1], mean_of_real, {"pad_token": pad}),
    ]:
        expected, expected_new = oracle.embeddings(src, rows, tgt_vocab, fresh, options.get("pad_token"))
        result = student.transfer_embeddings(src, torch.tensor(rows), tgt_vocab, **options)
        assert not student.last_call.changed, "transfer_embeddings changed one of its arguments in place"
        weight, new = pair(result, "transfer_embeddings")
        where = f"for {src} -> {tgt_vocab} with {options or 'no options'}"
        assert_close(weight, expected, rtol=1e-12, atol=1e-12, what=f"weight {where}")
        assert is_names(new), f"the second result is {describe(new)}, not a list of strings {where}"
        lacks, extra = sorted(set(expected_new) - set(new)), sorted(set(new) - set(expected_new))
        assert not lacks + extra, f"the new tokens lack {lacks} and should not have {extra} {where}"
        assert list(new) == expected_new, f"the new tokens are not in the target's order {where}"

    single = torch.tensor(rows, dtype=torch.float32).requires_grad_()
    weight, _ = pair(student.transfer_embeddings(src, single, tgt), "transfer_embeddings")
    assert_dtype(weight, torch.float32, what="weight for a float32 src_weight")
    assert not weight.requires_grad, "weight has requires_grad True"

    rows = torch.tensor(rows)
    for what, src_vocab, weight, tgt_vocab, options in [
        ("a token twice in src_vocab", [*src[:7], src[0]], rows, tgt, {}),
        ("a token twice in tgt_vocab", src, rows, [*tgt, tgt[0]], {}),
        ("8 tokens and 7 rows", src, rows[:7], tgt, {}),
        ("7 tokens and 8 rows", src[:7], rows, tgt, {}),
        ("new_init='random'", src, rows, tgt, {"new_init": "random"}),
    ]:
        refuses(what, student.transfer_embeddings, src_vocab, weight, tgt_vocab, **options)


@pytest.mark.points(1)
def test_t13_verdict(student, rng):
    """transfer_verdict: gain, stderr and verdict in both directions, at and around the threshold; errors."""
    # Multiples of a power of two, so that differences, means and the equalities are exact for everybody.
    helps = [5.0, 1.0, 1.0, 1.0]  # gain 2, standard error 1
    for differences, options, verdict in [
        (helps, {}, "positive"),
        (helps, {"z": 2.0}, "positive"),
        (helps, {"z": 2.01}, "inconclusive"),
        ([4.75, 1.0, 1.0, 1.0], {}, "positive"),  # 1.94 / 0.94
        ([5.25, 1.0, 1.0, 1.0], {}, "inconclusive"),  # 2.06 / 1.06
        ([1.0, 3.0], {"z": 1.99}, "positive"),
        ([1.0, 3.0], {"z": 2.01}, "inconclusive"),
        ([2.0, 2.0, 2.0], {"z": 100}, "positive"),
        ([0.0, 0.0, 0.0], {}, "inconclusive"),
        ([1.0, -1.0], {"z": 0}, "inconclusive"),
        ([1.0, 0.5, -1.0], {"z": 0}, "positive"),
        ([1.0, 0.5, -1.0], {"z": 1}, "inconclusive"),
    ]:
        unit = 2.0 ** rng.integers(-6, 2)
        scratch = unit * rng.integers(-40, 40, size=len(differences))
        gain, stderr = oracle.gain_and_stderr([unit * difference for difference in differences])
        for sign in (1, -1):
            for higher in (True, False):
                transfer = scratch + (sign if higher else -sign) * unit * np.array(differences)
                named = {"positive": "negative"}.get(verdict, verdict) if sign < 0 else verdict
                expected = {"gain": sign * gain, "stderr": stderr, "verdict": named}
                given = options if higher else options | {"higher_is_better": False}
                got = student.transfer_verdict(transfer.tolist(), scratch.tolist(), **given)
                what = (
                    f"the verdict on {transfer.tolist()} and {scratch.tolist()} with {given or 'no options'}"
                )
                assert_close(got, expected, rtol=1e-12, atol=1e-12, what=what)

    base = rng.normal(size=7)  # seeds differ far more than the two methods do
    better = base + rng.uniform(0.02, 0.04, size=7)
    gain, stderr = oracle.gain_and_stderr((better - base).tolist())
    expected = {"gain": gain, "stderr": stderr, "verdict": "positive"}
    got = student.transfer_verdict(better.tolist(), base.tolist())
    assert_close(got, expected, rtol=1e-9, atol=1e-12, what="the verdict on seven seeds")

    runs = [0.5, 0.7, 0.9]
    for what, transfer, scratch, options in [
        ("3 and 2 results", runs, runs[:2], {}),
        ("2 and 3 results", runs[:2], runs, {}),
        ("3 results and 1", runs, runs[:1], {}),
        ("one result each", runs[:1], runs[1:2], {}),
        ("no results", [], [], {}),
        ("z = -0.1", runs, runs[::-1], {"z": -0.1}),
    ]:
        refuses(what, student.transfer_verdict, transfer, scratch, **options)
