"""Hidden tests of `bert`. In masks True or 1 = real token."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, grads, refuses

from . import oracle

VOCAB, WIDTH, INNER = 11, 6, 13
CLS, SEP, PAD = 101, 102, 7  # [PAD] need not be 0
KEYS = ("input_ids", "token_type_ids", "attention_mask")
STRATEGIES = ("embeddings", "last", "second_to_last", "sum_last4", "concat_last4", "sum_all")


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def words(rng, n):
    """A text of n random ids, none of them special."""
    return rng.integers(1000, 2000, size=n).tolist()


def tokens(rng, *shape):
    """Random ids for a model; neighbours in a row are never equal, so that no exchange is invisible."""
    return torch.from_numpy(rng.integers(1, VOCAB, size=shape).cumsum(axis=-1) % VOCAB)


def segments(rng, *shape, n=2):
    """Random token types; in every row both 0 and n - 1 occur."""
    types = rng.integers(n, size=shape)
    types[..., 0], types[..., -1] = 0, n - 1
    return torch.from_numpy(types)


def real(*rows):
    """A mask from text: "###.." is a row of three real tokens before two of padding."""
    return torch.tensor([[character == "#" for character in row] for row in rows])


def build(student, a, *b, **options):
    """The student's inputs for one text or two, known to be a dict."""
    result = student.build_inputs(a, *b, cls_id=CLS, sep_id=SEP, pad_id=PAD, **options)
    assert isinstance(result, dict), f"build_inputs returns {describe(result)}, not a dict"
    return result


def inputs(ids, types, padding=0):
    """What `build_inputs` should give for these ids and types and this much padding."""
    return {
        "input_ids": ids + padding * [PAD],
        "token_type_ids": types + padding * [0],
        "attention_mask": len(ids) * [1] + padding * [0],
    }


def pair_inputs(a, b):
    """What `build_inputs` should give for two texts that fit."""
    return inputs([CLS, *a, SEP, *b, SEP], [0, *(0 for _ in a), 0, *(1 for _ in b), 1])


def make(student, rng, *, max_len=7, n_layer=2, n_head=2, n_segments=2):
    """A student's model in float64 with random weights, and these weights."""
    state = oracle.random_state(rng, oracle.shapes(VOCAB, WIDTH, n_layer, INNER, max_len, n_segments))
    return load(student, state, n_head), state


def load(student, state, n_head):
    """A student's model in float64 with the given weights."""
    n_layer = sum(name.endswith("norm1.bias") for name in state)
    max_len, n_segments = (len(state[f"embeddings.{name}.weight"]) for name in ("position", "segment"))
    model = student.BertModel(VOCAB, WIDTH, n_layer, n_head, INNER, max_len, n_segments)
    model.double()
    model.load_state_dict(state)
    return model


def run(model, ids, *others, n_layer=2):
    """The student's outputs, known to have the right keys and shapes."""
    result = model(ids, *others)
    assert isinstance(result, dict), f"forward returns {describe(result)}, not a dict"
    expected = {
        "hidden_states": (n_layer + 1, *ids.shape, WIDTH),
        "last_hidden": (*ids.shape, WIDTH),
        "pooled": (len(ids), WIDTH),
        "nsp_logits": (len(ids), 2),
    }
    lacks, extra = sorted(set(expected) - set(result)), sorted(set(result) - set(expected))
    assert set(result) == set(expected), f"the outputs lack {lacks} and should not have {extra}"
    for name, shape in expected.items():
        value = result[name]
        assert isinstance(value, torch.Tensor), f"{name} is {describe(value)}, not a tensor"
        assert value.shape == shape, f"{name} has shape {tuple(value.shape)}, not {shape}"
    return result


@pytest.mark.points(2)
def test_t01_single(student, rng):
    """build_inputs of one text: ids, types and mask, without and with padding; also of an empty text."""
    for n in (5, 1, 0):
        a = words(rng, n)
        ids, types = [CLS, *a, SEP], [0] * (n + 2)
        what = f"build_inputs of a text of {n}"
        assert_equal(build(student, a), inputs(ids, types), what=what)
        assert_equal(build(student, a, max_len=9), inputs(ids, types), what=f"{what}, max_len=9")
        padded = build(student, a, max_len=9, pad_to_max=True)
        assert_equal(padded, inputs(ids, types, 7 - n), what=f"{what}, padded to 9")
        exact = build(student, a, max_len=n + 2, pad_to_max=True)
        assert_equal(exact, inputs(ids, types), what=f"{what}, padded to {n + 2}")
    padded = build(student, a, pad_to_max=True)
    assert_equal(padded, inputs(ids, types, 510), what="build_inputs of an empty text, padded by default")


@pytest.mark.points(2)
def test_t02_pair(student, rng):
    """build_inputs of two texts: where types change, padding; an empty second text is not a missing one."""
    for n_a, n_b in [(3, 2), (1, 4), (0, 3), (2, 0), (0, 0)]:
        a, b = words(rng, n_a), words(rng, n_b)
        expected = pair_inputs(a, b)
        what = f"build_inputs of texts of {n_a} and {n_b}"
        assert_equal(build(student, a, b), expected, what=what)
        padded = build(student, a, b, max_len=11, pad_to_max=True)
        expected = inputs(expected["input_ids"], expected["token_type_ids"], 8 - n_a - n_b)
        assert_equal(padded, expected, what=f"{what}, padded to 11")
        alone = inputs([CLS, *a, SEP], [0] * (n_a + 2))
        assert_equal(build(student, a, None), alone, what=f"build_inputs of a text of {n_a} and b=None")


@pytest.mark.points(3)
def test_t03_limits(student, rng):
    """build_inputs at and beyond the limit: what is cut, what is kept, and that [SEP] survives."""
    for n, max_len in [(600, 512), (510, 512), (511, 512), (20, 16), (14, 16), (15, 16), (4, 3), (2, 2)]:
        a = words(rng, n)
        kept = a[: min(n, max_len - 2)]
        options = {} if max_len == 512 else {"max_len": max_len}
        result = build(student, a, **options)
        what = f"build_inputs of a text of {n}, max_len={max_len}"
        assert_equal(result, inputs([CLS, *kept, SEP], [0] * (len(kept) + 2)), what=what)
        assert not student.last_call.changed, "build_inputs changed one of its arguments in place"

    for lengths, max_len in [
        ((600, 10), 512),
        ((10, 600), 512),
        ((400, 400), 512),
        ((400, 109), 512),
        ((400, 110), 512),
        ((9, 4), 16),
        ((4, 10), 16),
        ((8, 8), 16),
        ((0, 20), 16),
        ((20, 0), 16),
        ((2, 1), 3),
        ((0, 1), 3),
        ((1, 1), 4),
    ]:
        a, b = (words(rng, n) for n in lengths)
        n_a, n_b = oracle.truncated_lengths(*lengths, max_len - 3)
        options = {} if max_len == 512 else {"max_len": max_len}
        result = build(student, a, b, **options)
        what = f"build_inputs of texts of {lengths[0]} and {lengths[1]}, max_len={max_len}"
        assert_equal(result, pair_inputs(a[:n_a], b[:n_b]), what=what)
        assert not student.last_call.changed, "build_inputs changed one of its arguments in place"
    full = build(student, words(rng, 8), words(rng, 8), max_len=16, pad_to_max=True)
    assert_equal(full["attention_mask"], [1] * 16, what="attention_mask of what was cut to max_len")


@pytest.mark.points(2)
def test_t04_truncate(student, rng):
    """truncate_pair: texts of 0 to 40 ids, ties, limits from 0 to more than enough; arguments unchanged."""
    cases = [(*rng.integers(0, 41, size=2), rng.integers(0, 81)) for _ in range(25)]
    cases += [(n, n, n + extra) for n, extra in [(5, 0), (5, 1), (6, 3), (6, 4), (1, 0)]]  # ties
    cases += [(7, 3, limit) for limit in (0, 1, 2, 9, 10, 11)] + [(3, 7, 9), (0, 4, 3), (4, 0, 3), (0, 0, 0)]
    for n_a, n_b, limit in cases:
        a, b = words(rng, n_a), words(rng, n_b)
        m, n = oracle.truncated_lengths(int(n_a), int(n_b), int(limit))
        what = f"truncate_pair of texts of {n_a} and {n_b}, max_tokens={limit}"
        result = student.truncate_pair(a, b, int(limit))
        assert not student.last_call.changed, "truncate_pair changed one of its arguments in place"
        assert isinstance(result, tuple | list), f"{what} is {describe(result)}, not two lists"
        assert len(result) == 2, f"{what} has {len(result)} values, not two"
        for name, got, want in [("a", result[0], a[:m]), ("b", result[1], b[:n])]:
            assert_equal(got, want, what=f"{name} of {what}")


@pytest.mark.points(1)
def test_t05_collate(student, rng):
    """collate: a ragged batch, an example with padding of its own, a single one; values and dtypes."""
    short, long = pair_inputs(words(rng, 1), words(rng, 2)), pair_inputs(words(rng, 4), words(rng, 3))
    padded = inputs([CLS, *words(rng, 2), SEP], [0] * 4, padding=3)
    for examples in [[short, long, padded], [padded, short], [long]]:
        longest = max(len(example["input_ids"]) for example in examples)
        batch = student.collate(examples, 55)
        assert not student.last_call.changed, "collate changed one of its arguments in place"
        what = f"collate of {len(examples)} example(s)"
        expected = {}
        for key, filler in zip(KEYS, (55, 0, 0), strict=True):
            rows = [example[key] + [filler] * (longest - len(example[key])) for example in examples]
            expected[key] = np.array(rows)
        assert_equal(batch, expected, what=what)
        for key, dtype in zip(KEYS, (torch.int64, torch.int64, torch.bool), strict=True):
            assert_dtype(batch[key], dtype, what=f"{key} of {what}")


def documents(rng, *lengths):
    """Documents of so many sentences each, all of them different."""
    first = iter(rng.permutation(5000)[: sum(lengths)].tolist())
    return [[[next(first), *words(rng, rng.integers(0, 3))] for _ in range(n)] for n in lengths]


def pairs(student, docs, **options):
    """The student's examples, known to be in order, and for each d, i, d', j and the label."""
    result = student.make_nsp_pairs(docs, **options)
    assert not student.last_call.changed, "make_nsp_pairs changed docs in place"
    assert isinstance(result, tuple | list), f"make_nsp_pairs returns {describe(result)}, not a list"
    places = [(d, i) for d, document in enumerate(docs) for i in range(len(document) - 1)]
    assert len(result) == len(places), (
        f"{len(result)} examples, but {len(places)} sentences have a successor in their document"
    )
    keys = {"a", "b", "label", "a_pos", "b_pos"}
    for index, example in enumerate(result):
        assert isinstance(example, dict), f"example {index} is {describe(example)}, not a dict"
        assert set(example) == keys, f"example {index} has the keys {sorted(map(str, example))}"
    if not places:
        return [], []
    n = len(places)
    found = []
    for name, shape in [("a_pos", (n, 2)), ("b_pos", (n, 2)), ("label", (n,))]:
        values = as_array([example[name] for example in result], f"{name} of all examples")
        assert values.shape == shape, f"{name} of all examples has shape {values.shape}, not {shape}"
        found.append(values.astype(int).reshape(n, -1))
    assert_equal(found[0], np.array(places), what="a_pos of all examples")
    found = np.hstack(found).tolist()
    for index, (_, _, d, j, label) in enumerate(found):
        inside = 0 <= d < len(docs) and 0 <= j < len(docs[d])
        assert inside, f"b_pos of example {index} is no place in docs"
        assert label in (0, 1), f"the label of example {index} is neither 0 nor 1"
    return result, found


@pytest.mark.points(3)
def test_t06_nsp_labels(student, rng):
    """make_nsp_pairs: one example for each sentence with a successor; places, contents and labels agree."""
    varied = documents(rng, 9, 1, 14, 2, 12)
    alike = [[[5, 6]] * n for n in (6, 1, 8, 5)]
    for name, docs, cases in [
        ("", varied, [(0.5, 7), (0.0, 7), (0.0, 11), (0.0, 13), (1.0, 7)]),
        (", two of them", documents(rng, 4, 1), [(0.0, 7)]),
        (" of equal sentences", alike, [(0.3, 7), (0.0, 7), (1.0, 7)]),
    ]:
        for p_next, seed in cases:
            where = f"in documents{name}, p_next={p_next}"
            examples, found = pairs(student, docs, seed=seed, p_next=p_next)
            for index, (d, i, source, j, label) in enumerate(found):
                assert_equal(examples[index]["a"], docs[d][i], what=f"a of example {index}")
                assert_equal(examples[index]["b"], docs[source][j], what=f"b of example {index}")
                follows = (source, j) == (d, i + 1)
                assert follows == (label == 0), f"a label does not say whether b follows a {where}"
                assert label == 0 or source != d, f"a random sentence comes from the same document {where}"
                assert p_next not in (0.0, 1.0) or label == 1 - p_next, f"a wrong choice of label {where}"
    for docs in [documents(rng, 4), documents(rng, 1, 1), documents(rng, 1)]:
        _, found = pairs(student, docs, seed=7, p_next=1.0)
        assert not any(example[4] for example in found), "a random sentence although p_next=1"


@pytest.mark.points(1)
def test_t07_nsp_random(student):
    """make_nsp_pairs as a random choice: labels, documents and sentences of up to 1500 examples; the seed."""
    # No rng: the seeds below decide everything once and for all.
    lengths = [421, *[1, 2, 2, 2, 2] * 5, *[266] * 4]
    docs = [[[d, i] for i in range(n)] for d, n in enumerate(lengths)]
    for p_next, seed, limit in [(0.5, 7, 0.13), (0.9, 11, 0.084)]:
        options = {} if p_next == 0.5 else {"p_next": p_next}
        _, found = pairs(student, docs[:26], seed=seed, **options)
        share = sum(example[4] == 0 for example in found) / len(found)
        assert abs(share - p_next) < limit, f"{share:.3f} of 440 labels are 0 for p_next={p_next}"

    _, found = pairs(student, docs, seed=13, p_next=0.0)
    sources = np.array([example[2] for example in found])
    drawn = np.bincount(sources, minlength=30)
    expected = (1500 - np.array(lengths) + 1) / 29
    off = np.abs(drawn - expected) > 7 * np.sqrt(expected)
    assert not off.any(), (
        f"the random sentences do not come uniformly from the other documents ({off.sum()} off)"
    )
    places = {tuple(example[2:4]) for example in found}
    missing = sum((d, j) not in places for d, n in enumerate(lengths) if n < 3 for j in range(n))
    assert not missing, f"{missing} sentences of short documents are never drawn in 1500 examples"
    depths = [(example[3] + 0.5) / lengths[example[2]] for example in found if lengths[example[2]] > 2]
    even = abs(np.mean(depths) - 0.5) < 5.4 * sqrt(1 / 12 / len(depths))
    assert even, "the random sentences do not come uniformly from within long documents"

    docs = documents(np.random.default_rng(7), 9, 1, 14, 2, 12)
    one, again, other = (pairs(student, docs, seed=seed)[1] for seed in (7, 7, 11))
    assert one == again, "the same arguments give another list the second time"
    assert one != other, "another seed gives the same list"


@pytest.mark.points(3)
def test_t08_encoder(student, rng):
    """BertModel without padding: names in the state dict, all outputs for 1 to 3 layers, eps, dtype."""
    model = student.BertModel(VOCAB, WIDTH, 1, 2, INNER)
    found = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    expected = oracle.shapes(VOCAB, WIDTH, 1, INNER)
    lacks, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    assert set(found) == set(expected), f"the state dict lacks {lacks} and should not have {extra}"
    for name, shape in expected.items():
        assert found[name] == shape, f"{name} has shape {found[name]}, not {shape}"
    outputs = run(model, tokens(rng, 1, 3), n_layer=1)
    for name, value in outputs.items():
        assert_dtype(value, torch.float32, what=f"{name} of a model in float32")

    for n_layer, n_head, n_segments in [(1, 3, 2), (2, 2, 3), (3, 1, 2)]:
        model, state = make(student, rng, n_layer=n_layer, n_head=n_head, n_segments=n_segments)
        ids, types = tokens(rng, 2, 5), segments(rng, 2, 5, n=n_segments)
        expected = oracle.outputs(state, n_head, ids, types)
        where = f"with n_layer={n_layer}, n_head={n_head}, n_segments={n_segments}"
        assert_close(run(model, ids, types, n_layer=n_layer), expected, what=f"outputs {where}")
    expected = oracle.outputs(state, n_head, ids, torch.zeros_like(ids))
    assert_close(run(model, ids, n_layer=3), expected, what="outputs without token types")

    # Embeddings so small that their variance is that of eps, and what eps is shows.
    _, state = make(student, rng, n_layer=1)
    small = {
        name: value * 1e-6 if value.ndim == 2 and "embeddings" in name else value
        for name, value in state.items()
    }
    expected = oracle.outputs(small, 2, ids, types)["hidden_states"][0]
    outputs = run(load(student, small, 2), ids, types, n_layer=1)
    assert_close(outputs["hidden_states"][0], expected, what="hidden_states[0] of tiny embeddings")


@pytest.mark.points(2)
def test_t09_padding(student, rng):
    """A row alone and in a padded batch is the same, whatever ids the padding holds; bool and 0/1 masks."""
    model, state = make(student, rng)
    text, text_types = tokens(rng, 1, 4), segments(rng, 1, 4)
    alone = run(model, text, text_types)
    mask = real("####...", "#######", "##.....")
    for filler in ("some", "other"):
        ids, types = tokens(rng, 3, 7), segments(rng, 3, 7)
        ids[0, :4], types[0, :4] = text[0], text_types[0]
        outputs = run(model, ids, types, mask)
        for name in ("hidden_states", "pooled", "nsp_logits"):
            finite = abs(as_array(outputs[name])) < float("inf")
            assert finite.all(), f"{name} contains NaN or inf"
        got = {
            "hidden_states": outputs["hidden_states"][:, :1, :4],
            "pooled": outputs["pooled"][:1],
            "nsp_logits": outputs["nsp_logits"][:1],
        }
        expected = {name: alone[name] for name in got}
        what = f"the outputs of a row of four tokens in a padded batch, {filler} ids at its padding"
        assert_close(got, expected, what=what)
    as_integers = run(model, ids, types, mask.long())
    assert_close(as_integers, outputs, rtol=0, atol=1e-12, what="outputs with a mask of 0 and 1")

    mask = real("##.#.##", "#.....#", ".##.##.")
    ids, types = tokens(rng, 3, 7), segments(rng, 3, 7)
    expected = oracle.outputs(state, 2, ids, types, mask)["last_hidden"][mask]
    got = run(model, ids, types, mask)["last_hidden"][mask]
    assert_close(got, expected, what="last_hidden at real tokens, padding between them")


@pytest.mark.points(1)
def test_t10_bidirectional(student, rng):
    """A token changes the last layer both before and after it; types and positions matter too."""
    model, _ = make(student, rng, max_len=6)
    ids, types = tokens(rng, 1, 6), segments(rng, 1, 6)
    # Row j of the batch has another token at position j. The last three rows: the original, other types, and
    # the original from right to left.
    others, other_types = ids.repeat(9, 1), types.repeat(9, 1)
    for j in range(6):
        others[j, j] = (ids[0, j] + rng.integers(1, VOCAB)) % VOCAB
    other_types[7] = 1 - types
    others[8], other_types[8] = ids[0].flip(0), types[0].flip(0)
    value = as_array(run(model, others, other_types)["last_hidden"])
    moved = abs(value[:6] - value[6]).max(axis=-1) > 1e-6  # [j, i]: whether token j matters at position i
    for j in range(6):
        assert j == 0 or moved[j, :j].any(), f"the token at {j} changes nothing before it"
        assert j == 5 or moved[j, j + 1 :].any(), f"the token at {j} changes nothing after it"
    assert abs(value[7] - value[6]).max() > 1e-6, "last_hidden does not depend on the token types"
    assert abs(value[8, ::-1] - value[6]).max() > 1e-6, "last_hidden does not depend on the positions"


@pytest.mark.points(2)
def test_t11_nsp_head(student, rng):
    """pooled and nsp_logits from last_hidden; predict_is_next; nsp_logits sends gradients to the words."""
    model, state = make(student, rng)
    ids, types = tokens(rng, 3, 5), segments(rng, 3, 5)
    outputs = run(model, ids, types)
    tight = {"rtol": 1e-10, "atol": 1e-10}
    first = as_array(outputs["last_hidden"])[:, 0]
    expected = np.tanh(first @ state["pooler.weight"].numpy().T + state["pooler.bias"].numpy())
    assert_close(outputs["pooled"], expected, **tight, what="pooled")
    logits = as_array(outputs["pooled"]) @ state["nsp.weight"].numpy().T + state["nsp.bias"].numpy()
    assert_close(outputs["nsp_logits"], logits, **tight, what="nsp_logits")

    for rows in ([[2.0, 1.0], [-1.0, 0.5], [0.0, 0.0], [-3.0, -3.0]], [[0.0, 1e-9]], rng.normal(size=(9, 2))):
        rows = torch.tensor(rows, dtype=torch.float64)
        answer = student.predict_is_next(rows)
        assert_equal(answer, [not b > a for a, b in rows.tolist()], what="predict_is_next")
        assert_dtype(answer, torch.bool, what="predict_is_next")

    state["embeddings.word.weight"].requires_grad_()
    direction = normal(rng, 3, 2)
    oracle.outputs(state, 2, ids, types)["nsp_logits"].backward(direction)
    expected = state["embeddings.word.weight"].grad
    assert outputs["nsp_logits"].requires_grad, "nsp_logits does not depend differentiably on the parameters"
    outputs["nsp_logits"].backward(direction)
    got = grads(model).get("embeddings.word.weight")
    assert got is not None, "nsp_logits gives the word embedding no gradient"
    assert_close(got, expected, what="the gradient of nsp_logits with respect to the word embedding")


@pytest.mark.points(2)
def test_t12_features(student, rng):
    """token_features: all six strategies for 1, 4 and 6 layers, in the right order; no gradient to BERT."""
    for n_layer in (6, 4, 1):
        states = normal(rng, n_layer + 1, 2, 3, 5).requires_grad_()
        layers = list(states.detach().numpy())
        expected = {
            "embeddings": layers[0],
            "last": layers[n_layer],
            "second_to_last": layers[n_layer - 1],
            "sum_all": np.add.reduce(layers[1:]),
        }
        if n_layer >= 4:
            four = [layers[n_layer - k] for k in (3, 2, 1, 0)]
            expected |= {"sum_last4": np.add.reduce(four), "concat_last4": np.concatenate(four, axis=2)}
        for strategy, value in expected.items():
            result = student.token_features(states, strategy)
            assert not student.last_call.changed, "token_features changed hidden_states in place"
            what = f"token_features(..., {strategy!r}) for {n_layer} layer(s)"
            assert isinstance(result, torch.Tensor), f"{what} is {describe(result)}, not a tensor"
            assert_close(result, value, rtol=1e-12, atol=1e-12, what=what)
            assert not result.requires_grad, f"{what} still sends gradients into BERT"


@pytest.mark.points(1)
def test_t13_errors(student):
    """ValueError for limits, ids, examples, documents, heads, inputs and strategies that do not fit."""
    rng = np.random.default_rng(13)  # what is refused does not depend on the numbers
    a, b = words(rng, 4), words(rng, 3)
    for limit in (-1, -5):
        refuses(f"truncate_pair with max_tokens={limit}", student.truncate_pair, a, b, limit)
    for texts, limits in [((a,), (1, 0)), ((a, b), (2, 1)), ((a, []), (2,)), (([],), (1,)), (([], []), (2,))]:
        for limit in limits:
            refuses(f"{len(texts)} text(s) and max_len={limit}", build, student, *texts, max_len=limit)
    for name, special in [("cls_id", CLS), ("sep_id", SEP), ("pad_id", PAD)]:
        for place in (0, 2, 4):
            with_special = [*a[:place], special, *a[place:]]
            refuses(f"{name} inside a", build, student, with_special)
            refuses(f"{name} inside a of a pair", build, student, with_special, b)
            refuses(f"{name} inside b", build, student, b, with_special)
        refuses(f"{name} in the part of a to be cut off", build, student, [*a, special], max_len=4)
        refuses(f"{name} in the part of b to be cut off", build, student, b, [*a, special], max_len=6)

    refuses("collate of no examples", student.collate, [], PAD)
    for key in KEYS:
        good, bad = pair_inputs(a, b), pair_inputs(b, a)
        bad[key] = bad[key][:-1]
        refuses(f"collate of a short {key}", student.collate, [good, bad], PAD)
        refuses(f"collate of a single example with a short {key}", student.collate, [bad], PAD)

    docs = documents(rng, 3, 1, 2)
    for p_next in (-0.1, 1.1, -1e-9, 1 + 1e-9):
        refuses(f"p_next={p_next}", student.make_nsp_pairs, docs, seed=7, p_next=p_next)
    for bad in ([*docs, []], [[], *docs], [*docs, [[1], []]], [[[], [2], [3]], *docs]):
        refuses("documents or sentences that are empty", student.make_nsp_pairs, bad, seed=7, p_next=1.0)
    for few in (docs[:1], docs[1:2], []):
        for p_next in (0.0, 0.5, 0.999):
            what = f"{len(few)} document(s) and p_next={p_next}"
            refuses(what, student.make_nsp_pairs, few, seed=7, p_next=p_next)

    for d_model, n_head in [(8, 3), (4, 8)]:
        what = f"d_model={d_model}, n_head={n_head}"
        refuses(what, student.BertModel, VOCAB, d_model, 1, n_head, INNER)
    model, _ = make(student, rng, max_len=6, n_layer=1)
    ids, types, mask = tokens(rng, 2, 6), segments(rng, 2, 6), real("####..", "#.....")
    ids[0, 0], ids[1, 5] = 0, VOCAB - 1
    run(model, ids, types, mask, n_layer=1)
    refuses("7 tokens and max_len=6", model, tokens(rng, 2, 7))
    for name, position, limit in [("id", 0, VOCAB), ("token type", 1, 2)]:
        for bad in (-1, limit):
            for place, where in [((0, 2), "at a real token"), ((0, 5), "at padding")]:
                given = [ids.clone(), types.clone(), mask]
                given[position][place] = bad
                refuses(f"the {name} {bad} {where}", model, *given)
    for name, position in [("token_type_ids", 1), ("attention_mask", 2)]:
        right = [ids, types, mask]
        for wrong in (
            right[position][:1],
            right[position][:, :1],
            right[position][:, :5],
            right[position][0],
        ):
            given = [*right[:position], wrong, *right[position + 1 :]]
            refuses(f"{name} of shape {tuple(wrong.shape)} for ids of shape (2, 6)", model, *given)
    refuses("a mask with nothing but padding in row 1", model, ids, types, real("######", "......"))

    states = normal(rng, 7, 2, 3, 5)
    for strategy in ("first", "", "sum_last5", "mean_last4", "Last"):
        refuses(f"the strategy {strategy!r}", student.token_features, states, strategy)
    for strategy in STRATEGIES:
        what = f"the strategy {strategy!r} without any layer"
        refuses(what, student.token_features, states[:1], strategy)
        if strategy.endswith("last4"):
            refuses(f"{strategy!r} for 3 layers", student.token_features, states[:4], strategy)
