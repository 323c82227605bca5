"""Hidden tests of `gpt`. Masks say True = real token."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, grads, refuses

from . import oracle

VOCAB, WIDTH, INNER, CLASSES = 11, 8, 13, 3


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def tokens(rng, *shape, vocab=VOCAB):
    """Random ids; neighbours in a row are never equal, so that a shift is never invisible."""
    steps = rng.integers(1, vocab, size=shape)
    return torch.from_numpy(steps.cumsum(axis=-1) % vocab)


def real(*rows):
    """A mask from text: "..###" is a row of three real tokens after two of padding."""
    return torch.tensor([[character == "#" for character in row] for row in rows])


def make(student, rng, *, n_ctx, n_layer=2, n_head=2, n_classes=None):
    """A student's model in float64 with random weights, and these weights."""
    state = oracle.random_state(rng, oracle.shapes(VOCAB, n_ctx, WIDTH, n_layer, INNER, n_classes))
    model = student.GPT(VOCAB, n_ctx, WIDTH, n_layer, n_head, INNER, n_classes)
    model.double()
    model.load_state_dict(state)
    return model, state


def run(model, ids, *mask, clf=False):
    """The student's outputs, known to have the right keys and shapes."""
    result = model(ids, *mask)
    assert isinstance(result, dict), f"forward returns {describe(result)}, not a dict"
    expected = {"hidden": (*ids.shape, WIDTH), "lm_logits": (*ids.shape, VOCAB)}
    expected |= {"clf_logits": (len(ids), CLASSES)} if clf else {}
    lacks, extra = sorted(set(expected) - set(result)), sorted(set(result) - set(expected))
    assert set(result) == set(expected), f"the outputs lack {lacks} and should not have {extra}"
    for name, shape in expected.items():
        value = result[name]
        assert isinstance(value, torch.Tensor), f"{name} is {describe(value)}, not a tensor"
        assert value.shape == shape, f"{name} has shape {tuple(value.shape)}, not {shape}"
    return result


@pytest.mark.points(2)
def test_t01_names_and_tying(student, rng):
    """State dict: names and shapes with and without a task layer; lm_logits is hidden @ wte.weight^T."""
    for n_layer, n_classes in [(1, None), (2, CLASSES)]:
        model = student.GPT(VOCAB, 7, WIDTH, n_layer, 2, INNER, n_classes)
        found = {name: tuple(value.shape) for name, value in model.state_dict().items()}
        expected = oracle.shapes(VOCAB, 7, WIDTH, n_layer, INNER, n_classes)
        where = f"with n_layer={n_layer}, n_classes={n_classes}"
        lacks, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        agree = set(found) == set(expected)
        assert agree, f"{where} the state dict lacks {lacks} and should not have {extra}"
        for name, shape in expected.items():
            assert found[name] == shape, f"{name} has shape {found[name]} {where}, not {shape}"

    model, state = make(student, rng, n_ctx=7)
    outputs = run(model, tokens(rng, 3, 5))
    expected = as_array(outputs["hidden"]) @ state["wte.weight"].numpy().T
    assert_close(outputs["lm_logits"], expected, rtol=1e-12, atol=1e-12, what="lm_logits")


@pytest.mark.points(3)
def test_t02_blocks(student, rng):
    """hidden without padding: 1, 2 and 3 blocks, with 4, 2 and 1 heads."""
    for n_layer, n_head in [(1, 4), (2, 2), (3, 1)]:
        model, state = make(student, rng, n_ctx=7, n_layer=n_layer, n_head=n_head)
        ids = tokens(rng, 2, 5)
        expected = oracle.hidden(state, ids, n_head)
        what = f"hidden with n_layer={n_layer}, n_head={n_head}"
        assert_close(run(model, ids)["hidden"], expected, rtol=1e-10, atol=1e-10, what=what)


@pytest.mark.points(3)
def test_t03_causality(student, rng):
    """A token changes nothing before it, but changes its own position; the first position sees itself."""
    model, _ = make(student, rng, n_ctx=6)
    ids = tokens(rng, 1, 6)
    # Row j of the batch has another token at position j; the last row is the original.
    others = ids.repeat(7, 1)
    for j in range(6):
        others[j, j] = (ids[0, j] + rng.integers(1, VOCAB)) % VOCAB
    outputs = run(model, others)
    for name in ("hidden", "lm_logits"):
        value = as_array(outputs[name])
        for j in range(6):
            what = f"{name} before position {j} after a change of the token there"
            assert_close(value[j, :j], value[6, :j], rtol=0, atol=1e-12, what=what)
            moved = abs(value[j, j] - value[6, j]).max()
            assert moved > 1e-6, f"{name} at position {j} does not depend on the token there"

    for t in (0, 3):  # gradients add up, but those of 0 reach no further than those of 3
        logits = run(model, ids)["lm_logits"]
        assert logits.requires_grad, "lm_logits does not depend differentiably on the parameters"
        (logits[0, t] * normal(rng, VOCAB)).sum().backward()
        gradients = grads(model)
        of_wpe = as_array(gradients.get("wpe.weight"), "the gradient of wpe.weight")
        what = f"the gradient of lm_logits at {t} with respect to the positions beyond {t}"
        assert_close(of_wpe[t + 1 :], 0 * of_wpe[t + 1 :], rtol=0, atol=1e-12, what=what)
        reached = abs(of_wpe[: t + 1]).max(axis=1) > 1e-9
        assert reached.all(), f"lm_logits at {t} does not depend on every position up to {t}"
        if t == 0:
            name = "blocks.0.attn.in_proj.weight"
            of_values = as_array(gradients.get(name), f"the gradient of {name}")[2 * WIDTH :]
            assert abs(of_values).max() > 1e-9, "the first position does not attend to itself"


@pytest.mark.points(2)
def test_t04_padding(student, rng):
    """A row alone and with 1 to 3 tokens of padding on either side: equal at real tokens, never NaN."""
    model, _ = make(student, rng, n_ctx=7)
    text = tokens(rng, 1, 4)
    alone = run(model, text)
    for pads in (1, 2, 3):
        mask = real("####" + pads * ".", pads * "." + "####", (4 + pads) * ".")
        ids = tokens(rng, 3, 4 + pads)
        ids[mask] = text.repeat(2, 1).flatten()
        outputs = run(model, ids, mask)
        for name in ("hidden", "lm_logits"):
            value = as_array(outputs[name])
            nothing = abs(value) < float("inf")
            assert nothing.all(), f"{name} contains NaN or inf with {pads} tokens of padding"
            for row, side in [(0, "right"), (1, "left")]:
                what = f"{name} at real tokens, {pads} of padding on the {side}"
                assert_close(value[row, mask[row].numpy()], alone[name][0], atol=1e-9, what=what)


@pytest.mark.points(3)
def test_t05_last_token(student, rng):
    """clf_logits from the last real token, with padding on either side or none; last_real_index."""
    mask = real("######", "##....", "...###", ".#####", "####..")
    last = torch.tensor([5, 1, 5, 5, 3])
    assert_equal(student.last_real_index(mask), last, what="last_real_index of padded rows")
    assert_dtype(student.last_real_index(mask), torch.int64, what="last_real_index")
    pattern = torch.from_numpy(rng.random((4, 5)) < 0.5)
    pattern[:, 1] = True
    expected = [max(t for t in range(5) if row[t]) for row in pattern.tolist()]
    assert_equal(student.last_real_index(pattern), expected, what="last_real_index of any pattern")
    assert_equal(student.last_real_index(real("#", "#")), [0, 0], what="last_real_index for T = 1")
    refuses("last_real_index of a row without True", student.last_real_index, real("##.", "..."))

    # The padding has the id 0 everywhere, and the last row a real 0 too. No real row ends in 0, for then the
    # padding after it could have the very same state.
    model, state = make(student, rng, n_ctx=6, n_classes=CLASSES)
    ids = torch.from_numpy(rng.integers(1, VOCAB, size=(5, 6)))
    ids[~mask] = 0
    ids[4, 1] = 0
    for what, arguments, at in [
        ("of padded rows", (ids, mask), last.numpy()),
        ("without a mask", (ids[:2],), [5, 5]),
    ]:
        outputs = run(model, *arguments, clf=True)
        pooled = as_array(outputs["hidden"])[range(len(at)), at]
        expected = pooled @ state["clf.weight"].numpy().T + state["clf.bias"].numpy()
        assert_close(outputs["clf_logits"], expected, rtol=1e-10, atol=1e-10, what=f"clf_logits {what}")


@pytest.mark.points(2)
def test_t06_lm_values(student, rng):
    """lm_loss without padding: random and uniform logits, and logits that favour the next or this token."""
    for batch, length in [(3, 5), (1, 2)]:
        ids = tokens(rng, batch, length)
        logits = 3 * normal(rng, batch, length, VOCAB)
        expected = oracle.lm_loss(logits, ids, torch.ones_like(ids))
        what = f"lm_loss for {batch} rows of {length}"
        assert_close(student.lm_loss(logits, ids), expected, rtol=1e-10, atol=1e-10, what=what)
        uniform = student.lm_loss(normal(rng, batch, length, 1).expand(-1, -1, VOCAB), ids)
        assert_close(uniform, log(VOCAB), rtol=1e-10, atol=1e-10, what=f"{what}, uniform")
        this = 50 * F.one_hot(ids, VOCAB).double()
        following = this.roll(-1, dims=1)
        sure = float(as_array(student.lm_loss(logits + following, ids), what))
        assert abs(sure) < 1e-6, f"{what} is not near 0 although the next token has by far the largest logit"
        wrong = float(as_array(student.lm_loss(logits + this, ids), what))
        assert wrong > 5, f"{what} is small although the token itself, not the next, has the largest logit"


@pytest.mark.points(2)
def test_t07_lm_mask(student, rng):
    """lm_loss with padding: only pairs of real neighbours, a mean over tokens, 0 without any pair."""
    for what, mask in [
        ("padding on the right", real("######", "####..", "##....", "#.....")),
        ("padding on the left", real("######", "..####", "....##", ".....#")),
        ("padding on both sides in turn", real("###...", "....##", ".....#")),
        ("a single pair", real("#.....", "..##..", "....#.")),
        ("gaps", real("##.###", "#.#.##", ".#..#.")),
        ("no pair of neighbours", real("#.#.#.", ".....#", "......")),
        ("rows of a single token", real("#", "#")),
    ]:
        ids = tokens(rng, *mask.shape)
        logits = 3 * normal(rng, *mask.shape, VOCAB)
        expected = oracle.lm_loss(logits, ids, mask)
        got = student.lm_loss(logits, ids, mask)
        assert_close(got, expected, rtol=1e-10, atol=1e-10, what=f"lm_loss with {what}")


@pytest.mark.points(2)
def test_t08_combined_loss(student, rng):
    """finetune_loss: its three entries for lm_coef 0, 0.5, 2 and by default; a negative one is refused."""
    ids, mask = tokens(rng, 4, 5), real("#####", "###..", "..###", "##...")
    clf_logits, lm_logits = 2 * normal(rng, 4, CLASSES), 2 * normal(rng, 4, 5, VOCAB)
    labels = torch.from_numpy(rng.integers(CLASSES, size=4))
    clf, lm = oracle.clf_loss(clf_logits, labels), oracle.lm_loss(lm_logits, ids, mask)
    for coef in (None, 0.0, 0.5, 2.0):
        options = {} if coef is None else {"lm_coef": coef}
        total = clf + (0.5 if coef is None else coef) * lm
        result = student.finetune_loss(clf_logits, labels, lm_logits, ids, mask, **options)
        what = "finetune_loss by default" if coef is None else f"finetune_loss with lm_coef={coef}"
        expected = {"clf": clf, "lm": lm, "total": total}
        assert_close(result, expected, rtol=1e-12, atol=1e-12, what=what)

    lm = oracle.lm_loss(lm_logits, ids, torch.ones_like(ids))
    result = student.finetune_loss(clf_logits, labels, lm_logits, ids)
    expected = {"clf": clf, "lm": lm, "total": clf + 0.5 * lm}
    assert_close(result, expected, rtol=1e-12, atol=1e-12, what="finetune_loss without a mask")
    for coef in (-0.5, -2.0):
        arguments = (clf_logits, labels, lm_logits, ids, mask, coef)
        refuses(f"lm_coef={coef}", student.finetune_loss, *arguments)


@pytest.mark.points(1)
def test_t09_gradients_of_the_tied_embedding(student, rng):
    """wte.weight at tokens absent from the batch: no gradient from the task's loss, some from the LM's."""
    model, _ = make(student, rng, n_ctx=5, n_classes=CLASSES)
    present = rng.permutation(VOCAB)[:4]
    ids = torch.from_numpy(present)[tokens(rng, 3, 5, vocab=4)]
    absent = [token for token in range(VOCAB) if token not in present]

    def gradient(name, loss):
        value = run(model, ids, clf=True)[name]
        assert value.requires_grad, f"{name} does not depend differentiably on the parameters"
        loss(value).backward()
        return as_array(grads(model).get("wte.weight"), "the gradient of wte.weight")

    labels = torch.from_numpy(rng.integers(CLASSES, size=3))
    of_task = gradient("clf_logits", lambda logits: F.cross_entropy(logits, labels))
    nothing = of_task[absent]
    assert_equal(nothing, 0 * nothing, what="the gradient of clf_logits at absent tokens")
    of_both = gradient("lm_logits", lambda logits: F.cross_entropy(logits[:, :-1].mT, ids[:, 1:]))
    reached = abs(of_both[absent]).max(axis=1) > 1e-6
    assert reached.all(), "lm_logits gives no gradient to wte.weight at tokens absent from the batch"


@pytest.mark.points(1)
def test_t10_everything_is_trained(student, rng):
    """clf_logits alone gives every parameter tensor a gradient, finite also with padding on the left."""
    model, state = make(student, rng, n_ctx=6, n_classes=CLASSES)
    outputs = run(model, tokens(rng, 3, 6), real("######", "...###", "####.."), clf=True)
    assert outputs["clf_logits"].requires_grad, "clf_logits does not depend differentiably on the parameters"
    (outputs["clf_logits"] * torch.from_numpy(rng.uniform(0.5, 1.5, size=(3, CLASSES)))).sum().backward()
    gradients = grads(model)
    for name in state:
        value = gradients.get(name)
        assert value is not None, f"clf_logits gives {name} no gradient"
        value = as_array(value, f"the gradient of {name}")
        assert (abs(value) < float("inf")).all(), f"the gradient of {name} contains NaN or inf"
        assert value.any(), f"clf_logits gives {name} a gradient of 0"


@pytest.mark.points(2)
def test_t11_task_inputs(student, rng):
    """task_inputs: all four kinds, the greatest length that fits, and everything that is refused."""
    ids = rng.permutation(100).tolist()
    start, delim, extract = ids[:3]
    s, d, e = ([token] for token in (start, delim, extract))
    a, b, c = ids[3:6], ids[6:8], ids[8:12]

    def build(kind, parts, n_ctx):
        return student.task_inputs(kind, parts, start=start, delim=delim, extract=extract, n_ctx=n_ctx)

    for kind, parts, expected in [
        ("classification", [a], [s + a + e]),
        ("classification", [[]], [s + e]),
        ("entailment", [a, b], [s + a + d + b + e]),
        ("similarity", [a, b], [s + a + d + b + e, s + b + d + a + e]),
        ("choice", [a, b, c], [s + a + d + b + e, s + a + d + c + e]),
        ("choice", [a, c, [], b], [s + a + d + c + e, s + a + d + e, s + a + d + b + e]),
    ]:
        longest = max(map(len, expected))
        result = build(kind, parts, longest)
        assert isinstance(result, tuple | list), f"task_inputs returns {describe(result)}, not a list"
        assert len(result) == len(expected), f"{kind} gives {len(result)} sequences, not {len(expected)}"
        for index, (one, other) in enumerate(zip(result, expected, strict=True)):
            assert_equal(one, other, what=f"sequence {index} of {kind!r} with {len(parts)} part(s)")
        refuses(f"{kind!r} longer than n_ctx", build, kind, parts, longest - 1)

    for kind, fitting in [("classification", 1), ("entailment", 2), ("similarity", 2), ("choice", 3)]:
        texts = [a, b, c, b]
        for number in (fitting - 1, *([] if kind == "choice" else [fitting + 1])):
            refuses(f"{kind!r} with {number} part(s)", build, kind, texts[:number], 50)
        for name, token in [("start", start), ("delim", delim), ("extract", extract)]:
            for place in range(fitting):
                parts = texts[:fitting]
                parts[place] = [*parts[place], token, ids[20]]
                refuses(f"the {name} token in part {place} of {kind!r}", build, kind, parts, 50)
    refuses("'choice' with a single part", build, "choice", [a], 50)
    for kind in ("generation", ""):
        refuses(f"the kind {kind!r}", build, kind, [a, b], 50)


def train(module, ids, labels, vocab, seed):
    """Train a fresh model by Adam. (torch.optim is slow to import.)"""
    import torch

    torch.manual_seed(seed)
    model = module.GPT(vocab, ids.shape[1], 16, 1, 2, 32, 2)
    parameters = [(p, torch.zeros_like(p), torch.zeros_like(p)) for p in model.parameters()]
    for step in range(1, 31):
        outputs = model(ids)
        loss = module.finetune_loss(outputs["clf_logits"], labels, outputs["lm_logits"], ids)
        loss["total"].backward()
        with torch.no_grad():
            for p, mean, square in parameters:
                if p.grad is not None:
                    mean.lerp_(p.grad, 0.1)
                    square.lerp_(p.grad**2, 0.01)
                    scale = (square / (1 - 0.99**step)).sqrt_() + 1e-8
                    p -= 0.015 / (1 - 0.9**step) * mean / scale
                    p.grad = None
    return model(ids)["clf_logits"].detach()


@pytest.mark.points(1)
def test_t12_learns(student):
    """A fresh model, trained on finetune_loss, learns a class that only the first of 5 tokens tells."""
    rng = np.random.default_rng(12)  # any data will do to see that it learns
    labels = torch.arange(8) % 2
    first = torch.from_numpy(rng.integers(0, 6, size=8)) + 6 * labels
    ids = torch.cat([first[:, None], torch.from_numpy(rng.integers(0, 12, size=(8, 4)))], dim=1)
    for seed in (1, 2, 3):  # a first attempt fails less than once in 200 times, and then another is granted
        logits = as_array(student.run(train, ids=ids, labels=labels, vocab=12, seed=seed), "clf_logits")
        assert logits.shape == (8, 2), f"clf_logits has shape {logits.shape}, not (8, 2)"
        loss = oracle.clf_loss(logits, labels)
        if loss < 0.1:
            break
    else:
        raise AssertionError(f"after 30 steps on 8 rows the task's loss is {loss:.2f}, not below 0.1")


@pytest.mark.points(1)
def test_t13_errors(student):
    """ValueError for bad heads, too many tokens, ids and masks that do not fit, and rows without a token."""
    rng = np.random.default_rng(13)  # what is refused does not depend on the numbers
    for d_model, n_head in [(8, 3), (4, 8)]:
        what = f"d_model={d_model}, n_head={n_head}"
        refuses(what, student.GPT, VOCAB, 6, d_model, 1, n_head, INNER)
    model, _ = make(student, rng, n_ctx=6, n_layer=1, n_classes=CLASSES)
    ids = tokens(rng, 2, 6)
    ids[0, 0], ids[1, 5] = 0, VOCAB - 1
    mask = real("####..", "..####")
    run(model, ids, mask, clf=True)

    longer = tokens(rng, 2, 7)
    refuses("7 tokens and n_ctx=6", model, longer)
    refuses("7 tokens, 3 of them real, and n_ctx=6", model, longer, real("###....", "....###"))
    for bad in (-1, VOCAB):
        for place, where in [((0, 2), "at a real token"), ((0, 5), "at padding")]:
            others = ids.clone()
            others[place] = bad
            refuses(f"the id {bad} {where}, with vocab_size={VOCAB}", model, others, mask)
    for wrong in (mask[:1], mask[0], mask[:, :1], mask[:, :5], mask.T, mask[:, :, None], mask[None]):
        refuses(f"a mask of shape {tuple(wrong.shape)} for ids of shape (2, 6)", model, ids, wrong)
    refuses("a row without a real token", model, ids, real("######", "......"))
