"""Hidden tests of `elmo`: 25 points."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_equal, describe, grads, refuses

from . import oracle

TIGHT = {"rtol": 1e-12, "atol": 1e-12}


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def random_tokens(rng, vocab_size, *shape):
    """Ids (B, T); the first two of the first row are the smallest and the largest one."""
    tokens = rng.integers(vocab_size, size=shape)
    tokens[0, :2] = 0, vocab_size - 1
    return torch.from_numpy(tokens)


def real(lengths, length):
    """Bool (B, T): which positions are not padding."""
    return torch.arange(length) < torch.tensor(lengths)[:, None]


def checked(value, shape, what):
    """The value itself, known to be a tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)}, not {tuple(shape)}"
    return value


def entry(result, key, shape, what=""):
    """One entry of a result that should be a dict, known to be a tensor of this shape."""
    assert isinstance(result, dict), f"the result is {describe(result)}, not a dict"
    assert key in result, f"the result has no {key!r}"
    return checked(result[key], shape, f"{key!r}{what}")


def with_weights(module, state):
    """A student's module in float64 with the given weights, loaded strictly."""
    module.double()
    module.load_state_dict(state)
    return module


def random_bilm(student, rng, vocab_size, dim, n_layers):
    """A student's BiLM with random weights, and these."""
    state = oracle.random_state(rng, oracle.bilm_shapes(vocab_size, dim, n_layers))
    return with_weights(student.BiLM(vocab_size, dim, n_layers), state), state


def mix_parameters(rng, n_layers):
    """Scalars that are neither equal nor shares, and a gamma that is neither 1 nor near 0."""
    scalars = rng.permutation(np.linspace(-1.0, 2.0, n_layers)) + rng.uniform(-0.2, 0.2, size=n_layers)
    return scalars, float(rng.choice([-1.0, 1.0]) * rng.uniform(1.5, 2.5))


def mix_state(scalars, gamma):
    """The two parameters as a state dict."""
    return {"scalars": torch.from_numpy(scalars), "gamma": torch.tensor([gamma], dtype=torch.float64)}


def silent(gradient):
    """No gradient, or one of zeros."""
    return gradient is None or not as_array(gradient).any()


@pytest.mark.points(2)
def test_t01_names(student, rng):
    """BiLM: names and shapes of all parameters; weights load by name and are read back, so none is shared."""
    for vocab_size, dim, n_layers in [(5, 3, 1), (7, 2, 3)]:
        module = student.BiLM(vocab_size, dim, n_layers)
        shapes = oracle.bilm_shapes(vocab_size, dim, n_layers)
        found = {name: tuple(value.shape) for name, value in module.state_dict().items()}
        lacks, extra = sorted(shapes.keys() - found.keys()), sorted(found.keys() - shapes.keys())
        where = f"BiLM({vocab_size}, {dim}, {n_layers})"
        assert not lacks + extra, f"the state dict of {where} lacks {lacks} and should not have {extra}"
        for name, shape in shapes.items():
            assert found[name] == shape, f"{name} of {where} has shape {found[name]}, not {shape}"
        state = oracle.random_state(rng, shapes)
        loaded = with_weights(module, state).state_dict()
        for name, value in state.items():
            assert_equal(loaded[name], value, what=f"{name} of {where} after all weights were loaded")


@pytest.mark.points(2)
def test_t02_layer_0_and_context(student, rng):
    """BiLM: layer 0 is the embedding twice, the same in each context; the layers above depend on context."""
    vocab_size, dim, n_layers, length = 9, 5, 2, 5
    module, state = random_bilm(student, rng, vocab_size, dim, n_layers)
    places, rows = (1, 3, 2), []
    for place in places:  # one word in two contexts that have no word in common
        word, *others = rng.permutation(vocab_size).tolist()
        rows += [[*context[:place], word, *context[place:]] for context in (others[:4], others[4:])]
    tokens = torch.tensor(rows)
    layers = entry(module(tokens), "layers", (n_layers + 1, len(rows), length, 2 * dim))
    x = state["embedding.weight"][tokens]
    assert_close(layers[0], torch.cat([x, x], dim=-1), **TIGHT, what="layer 0")
    for index, place in enumerate(places):
        pair = layers[:, 2 * index : 2 * index + 2, place].unflatten(-1, (2, dim))  # (L+1, row, half, d)
        assert_close(pair[0, 0], pair[0, 1], **TIGHT, what="layer 0 of the same word in another sentence")
        moved = (pair[1:, 0] - pair[1:, 1]).abs().amax(dim=-1)
        for layer, half in np.ndindex(n_layers, 2):
            name = ("forward", "backward")[half]
            message = f"the {name} half of layer {layer + 1} of a word does not depend on its sentence"
            assert moved[layer, half] > 1e-3, message


@pytest.mark.points(2)
def test_t03_forward_stack(student, rng):
    """BiLM without padding, one and three LSTM layers: the forward half of every layer, and logits_f."""
    vocab_size, dim, n_rows, length = 7, 3, 2, 5
    for n_layers in (1, 3):
        module, state = random_bilm(student, rng, vocab_size, dim, n_layers)
        tokens = random_tokens(rng, vocab_size, n_rows, length)
        result = module(tokens)
        layers = entry(result, "layers", (n_layers + 1, n_rows, length, 2 * dim))
        logits = entry(result, "logits_f", (n_rows, length, vocab_size))
        expected = [oracle.bilm(state, row) for row in tokens.tolist()]
        where = f"with {n_layers} layer(s)"
        forward = np.stack([row[0][..., :dim] for row in expected], axis=1)
        assert_close(layers[..., :dim], forward, atol=1e-10, what=f"the forward half {where}")
        assert_close(logits, np.stack([row[1] for row in expected]), atol=1e-10, what=f"logits_f {where}")


@pytest.mark.points(3)
def test_t04_padded_batch(student, rng):
    """BiLM, rows of different lengths: each as if alone, from its own end; zeros, not pad ids, at padding."""
    vocab_size, dim, n_layers = 7, 3, 2
    module, state = random_bilm(student, rng, vocab_size, dim, n_layers)
    for lengths, length, shifts in [([5, 7, 2], 7, (0, 1)), ([3, 1, 4], 6, (0,))]:
        lengths = rng.permutation(lengths).tolist()
        tokens, mask = random_tokens(rng, vocab_size, 3, length), real(lengths, length)
        sentences = [row[:n] for row, n in zip(tokens.tolist(), lengths, strict=True)]
        alone = [oracle.bilm(state, sentence) for sentence in sentences]
        layers = oracle.padded([row[0] for row in alone], length)
        for shift in shifts:
            ids = torch.where(mask, tokens, (tokens + shift) % vocab_size)
            result = module(ids, mask)
            what = ", with other ids at padding" if shift else ""
            where = f" for rows of {lengths} tokens padded to {length}{what}"
            got = entry(result, "layers", layers.shape, where)
            assert_close(got, layers, atol=1e-10, what=f"'layers'{where}")
            padding = as_array(got[:, ~mask])
            assert_equal(padding, np.zeros_like(padding), what=f"'layers' at padding{where}")
            for key, expected in [
                ("logits_f", np.concatenate([row[1] for row in alone])),
                ("logits_b", np.concatenate([row[2] for row in alone])),
            ]:
                logits = entry(result, key, (3, length, vocab_size), where)
                assert_close(logits[mask], expected, atol=1e-10, what=f"{key!r} of real tokens{where}")
                assert torch.isfinite(logits).all(), f"{key!r} is not finite at padding{where}"
    # A row of the last batch by itself, without padding and without a mask.
    row = int(rng.integers(3))
    result, n = module(torch.tensor([sentences[row]])), lengths[row]
    where = f" for a sentence of {n} token(s) without a mask"
    got = entry(result, "layers", (n_layers + 1, 1, n, 2 * dim), where)
    assert_close(got[:, 0], alone[row][0], atol=1e-10, what=f"'layers'{where}")
    logits = entry(result, "logits_b", (1, n, vocab_size), where)
    assert_close(logits[0], alone[row][2], atol=1e-10, what=f"'logits_b'{where}")


@pytest.mark.points(3)
def test_t05_no_leak(student, rng):
    """BiLM, 1, 2 and 3 layers: no position's logits know the token that they score, or what lies beyond."""
    vocab_size, dim, length = 7, 4, 5
    for n_layers in (1, 2, 3):
        module, _ = random_bilm(student, rng, vocab_size, dim, n_layers)
        # Row 0 is the sentence; row j + 1 is the same but for token j.
        rows = random_tokens(rng, vocab_size, 1, length).repeat(length + 1, 1)
        places = torch.arange(length)
        change = torch.from_numpy(rng.integers(1, vocab_size, size=length))
        rows[places + 1, places] = (rows[0] + change) % vocab_size
        result = module(rows)
        shape = (length + 1, length, vocab_size)
        logits_f, logits_b = entry(result, "logits_f", shape), entry(result, "logits_b", shape)
        where = f"with {n_layers} layer(s)"
        for name, logits, blind in [
            ("logits_f", logits_f, places < places[:, None]),  # [j, t]: position t has not read token j
            ("logits_b", logits_b, places > places[:, None]),
        ]:
            what = f"{name} {where} at the positions that have not read token j, when it changes, for every j"
            assert_close(logits[1:][blind], logits[0].expand_as(logits[1:])[blind], **TIGHT, what=what)
            moved = (logits[places + 1, places] - logits[0]).abs().amax(dim=-1) > 1e-6
            assert moved.all(), f"{name} {where} at position j does not depend on token j, for some j"


@pytest.mark.points(3)
def test_t06_log_likelihood(student, rng):
    """bilm_log_likelihood with and without padding, one row of a single token: values, and gradients."""
    vocab_size, length = 5, 6
    for lengths in (
        rng.permutation([4, 1, 6, 2]).tolist(),
        rng.permutation([3, 5, 4]).tolist(),
        [length] * 2,
    ):
        tokens = random_tokens(rng, vocab_size, len(lengths), length)
        mask = real(lengths, length)
        logits = [2.0 * normal(rng, len(lengths), length, vocab_size) for _ in "fb"]
        for tensor in logits:
            tensor[~mask] *= 50.0  # must not matter
            tensor.requires_grad_()
        masks = [] if min(lengths) == length else [mask]
        result = student.bilm_log_likelihood(*logits, tokens, *masks)
        assert not student.last_call.changed, "bilm_log_likelihood changed one of its arguments in place"
        arrays = [tensor.detach().numpy() for tensor in logits]
        expected = oracle.log_likelihood(*arrays, tokens.numpy(), lengths)
        where = f"for rows of {lengths} tokens padded to {length}"
        directions, shapes = {}, {"forward": (len(lengths),), "backward": (len(lengths),)}
        for key in ("forward", "backward", "joint", "loss"):
            value = entry(result, key, shapes.get(key, ()))
            assert_close(value, expected[key], atol=1e-10, what=f"{key!r} {where}")
            assert value.requires_grad, f"{key!r} does not depend differentiably on the logits"
            directions[key] = rng.uniform(0.5, 2.0, size=value.shape)
        assert "count" in result, "the result has no 'count'"
        assert_equal(result["count"], expected["count"], what=f"'count' {where}")

        sum((result[key] * torch.as_tensor(weight)).sum() for key, weight in directions.items()).backward()
        gradients = oracle.log_likelihood_gradients(*arrays, tokens.numpy(), lengths, directions)
        for name, tensor, gradient in zip(("logits_f", "logits_b"), logits, gradients, strict=True):
            assert_close(tensor.grad, gradient, atol=1e-10, what=f"the gradient of {name} {where}")


@pytest.mark.points(2)
def test_t07_probabilities_sum_to_1(student, rng):
    """BiLM and bilm_log_likelihood, V = 4: a token's 64 continuations, its 64 prefixes, each sum to 1."""
    vocab_size, length = 4, 4
    tokens = torch.cartesian_prod(*[torch.arange(vocab_size)] * length)  # all 256 sentences
    module, _ = random_bilm(student, rng, vocab_size, 3, 2)
    result = module(tokens)
    logits = [entry(result, key, (*tokens.shape, vocab_size)) for key in ("logits_f", "logits_b")]
    result = student.bilm_log_likelihood(*logits, tokens)
    for key, given, what in [
        ("forward", tokens[:, 0], "of all sentences that begin with token"),
        ("backward", tokens[:, -1], "of all sentences that end with token"),
    ]:
        probabilities = entry(result, key, (len(tokens),)).exp()
        for token in range(vocab_size):
            total = probabilities[given == token].sum()
            assert_close(total, 1.0, rtol=0, atol=1e-9, what=f"the sum of exp({key}) {what} {token}")


@pytest.mark.points(1)
def test_t08_shared_weights(student, rng):
    """BiLM: each direction's logits train embedding, output and their own LSTMs, never those of the other."""
    vocab_size, n_layers, lengths, length = 5, 2, [4, 3], 4
    module, state = random_bilm(student, rng, vocab_size, 3, n_layers)
    for own, other in [("forward", "backward"), ("backward", "forward")]:
        module.zero_grad()
        result = module(random_tokens(rng, vocab_size, 2, length), real(lengths, length))
        key = f"logits_{own[0]}"
        logits = entry(result, key, (2, length, vocab_size))
        assert logits.requires_grad, f"{key} does not depend differentiably on the parameters"
        logits[real(lengths, length)].backward(normal(rng, sum(lengths), vocab_size))
        found = grads(module)
        for name in state:
            gradient = found.get(name)
            if name.startswith(f"{other}_lstm"):
                assert silent(gradient), f"{name} gets a gradient from {key}"
            else:
                assert not silent(gradient), f"{name} gets no gradient from {key}"


@pytest.mark.points(2)
def test_t09_mix_values(student, rng):
    """ScalarMix: initial values, init, random scalars and gamma, one layer alone; 2 to 4 dimensions."""
    n_layers, width = 3, 5
    layers = normal(rng, n_layers, 2, 4, width)
    module = student.ScalarMix(n_layers).double()
    start = module.state_dict()
    assert set(start) == {"scalars", "gamma"}, f"ScalarMix has the parameters {sorted(start)}"
    assert_equal(start["scalars"], np.zeros(n_layers), what="the initial scalars")
    assert_equal(start["gamma"], np.ones(1), what="the initial gamma")
    assert_close(module(layers), layers.numpy().mean(axis=0), **TIGHT, what="the initial mix")
    scalars, gamma = mix_parameters(rng, n_layers)
    only_gamma = with_weights(module, mix_state(np.zeros(n_layers), gamma))
    what = "the mix with equal scalars and another gamma"
    assert_close(only_gamma(layers), gamma * layers.numpy().mean(axis=0), **TIGHT, what=what)

    init = (rng.permutation([-8, 3, 12]) / 4).tolist()  # exact in float32 too
    module = student.ScalarMix(n_layers, init=init).double()
    assert_equal(module.state_dict()["scalars"], np.array(init), what="the scalars after init")
    expected = oracle.mix(np.array(init), 1.0, layers.numpy())
    assert_close(module(layers), expected, **TIGHT, what="the mix after init")

    for between in [(), (4,), (2, 4)]:
        layers = normal(rng, n_layers, *between, width)
        scalars, gamma = mix_parameters(rng, n_layers)
        mixed = with_weights(module, mix_state(scalars, gamma))(layers)
        what = f"the mix of layers of shape {tuple(layers.shape)}"
        assert_close(mixed, oracle.mix(scalars, gamma, layers.numpy()), **TIGHT, what=what)
    for chosen in range(n_layers):
        scalars = np.where(np.arange(n_layers) == chosen, 0.0, -1e4)
        mixed = with_weights(module, mix_state(scalars, gamma))(layers)
        what = f"the mix with all of the weight on layer {chosen}"
        assert_close(mixed, gamma * layers[chosen], **TIGHT, what=what)


@pytest.mark.points(1)
def test_t10_mix_gradients(student, rng):
    """ScalarMix: gradients of scalars, gamma and layers, without and with a mask."""
    n_layers, n_rows, length, width = 3, 2, 4, 5
    module = student.ScalarMix(n_layers)
    for lengths in ([length] * n_rows, rng.permutation([1, 3]).tolist(), rng.permutation([4, 2]).tolist()):
        mask = real(lengths, length)
        layers = normal(rng, n_layers, n_rows, length, width).requires_grad_()
        scalars, gamma = mix_parameters(rng, n_layers)
        with_weights(module, mix_state(scalars, gamma)).zero_grad()
        mixed = module(layers, mask) if min(lengths) < length else module(layers)
        where = f"with {lengths} real positions of {length}"
        checked(mixed, (n_rows, length, width), f"the mix {where}")
        assert mixed.requires_grad, "the mix does not depend differentiably on layers and parameters"
        direction = normal(rng, n_rows, length, width)
        mixed.backward(direction)
        seen = np.where(mask[..., None], direction, 0.0)
        expected = oracle.mix_gradients(scalars, gamma, layers.detach().numpy(), seen)
        found = grads(module)
        assert_close(found.get("scalars"), expected[0], atol=1e-9, what=f"the gradient of scalars {where}")
        assert_close(found.get("gamma"), expected[1], atol=1e-9, what=f"the gradient of gamma {where}")
        assert_close(layers.grad, expected[2], atol=1e-9, what=f"the gradient of layers {where}")


@pytest.mark.points(1)
def test_t11_mix_layer_norm(student, rng):
    """ScalarMix with layer_norm: each position is normalised by itself; with a mask, zeros where False."""
    n_layers, n_rows, length, width = 3, 3, 4, 5
    for lengths in (rng.permutation([4, 2, 1]).tolist(), rng.permutation([3, 4, 2]).tolist()):
        mask = real(lengths, length)
        scalars, gamma = mix_parameters(rng, n_layers)
        layers = 1.0 + rng.normal(size=(n_layers, n_rows, length, width))
        layers[:, :, 0] *= 2e-3  # a variance below eps, and a constant layer
        layers[1, 0, 0] = layers[1, 0, 0, 0]
        module = with_weights(student.ScalarMix(n_layers, layer_norm=True), mix_state(scalars, gamma))
        expected = oracle.mix(scalars, gamma, oracle.normalised(layers))
        mixed = checked(module(torch.from_numpy(layers)), expected.shape, "the mix without a mask")
        assert_close(mixed, expected, atol=1e-9, what="the mix without a mask")
        masked = np.where(mask[..., None], expected, 0.0)
        for what, rows in [("with a mask", []), ("with a mask, after a change of other rows", [1, 2])]:
            layers[:, rows] = 3.0 * layers[:, rows] + rng.normal(size=layers[:, rows].shape)
            mixed = checked(module(torch.from_numpy(layers), mask), expected.shape, f"the mix {what}")
            same = [row for row in range(n_rows) if row not in rows]
            assert_close(mixed[same], masked[same], atol=1e-9, what=f"the mix {what}")
            nothing = as_array(mixed[~mask])
            assert_equal(nothing, np.zeros_like(nothing), what=f"the mix {what} where it is False")


def modes_and_flags(module, sizes):
    """What is in training mode, and which parameters want a gradient, in each state of an ElmoFeatures.

    Runs beside the student's code.
    """
    features = module.ElmoFeatures(*sizes)
    parts = dict(features.named_modules())
    report = []
    for prepare in (lambda: None, lambda: features.eval(), lambda: features.train()):
        prepare()
        report.append(
            {
                "training": features.training,
                "mixes": [part.training for name, part in parts.items() if name[:6] == "mixes."],
                "bilm": any(part.training for name, part in parts.items() if name[:4] == "bilm"),
                "wanting": [name for name, value in features.named_parameters() if value.requires_grad],
            }
        )
    return report


@pytest.mark.points(2)
def test_t12_features(student, rng):
    """ElmoFeatures: names, values, padding; the biLM stays frozen and in eval mode; mixes are independent."""
    vocab_size, dim, n_layers, lengths, length = 7, 3, 2, rng.permutation([5, 2]).tolist(), 5
    mask = real(lengths, length)
    for n_outputs, layer_norm in [(1, False), (3, True)]:
        sizes = {"n_outputs": n_outputs} if n_outputs > 1 else {}
        sizes |= {"layer_norm": True} if layer_norm else {}
        features = student.ElmoFeatures(vocab_size, dim, n_layers, **sizes)
        shapes = oracle.elmo_shapes(vocab_size, dim, n_layers, n_outputs)
        found = {name: tuple(value.shape) for name, value in features.state_dict().items()}
        differ = sorted(name for name in shapes.keys() | found if shapes.get(name) != found.get(name))
        where = f"with n_outputs={n_outputs}, layer_norm={layer_norm}"
        assert not differ, f"names or shapes of these entries of the state dict are off {where}: {differ}"
        state = oracle.random_state(rng, shapes)
        parameters = [mix_parameters(rng, n_layers + 1) for _ in range(n_outputs)]
        for index, (scalars, gamma) in enumerate(parameters):
            state |= {f"mixes.{index}.{name}": value for name, value in mix_state(scalars, gamma).items()}
        with_weights(features, state).train()

        tokens = random_tokens(rng, vocab_size, 2, length)
        outputs = features(tokens, mask)
        assert isinstance(outputs, list | tuple), f"the result is {describe(outputs)}, not a list"
        assert len(outputs) == n_outputs, f"{len(outputs)} outputs {where}"
        sentences = [row[:n] for row, n in zip(tokens.tolist(), lengths, strict=True)]
        weights = oracle.part(state, "bilm.")
        layers = oracle.padded([oracle.bilm(weights, sentence)[0] for sentence in sentences], length)
        layers = oracle.normalised(layers) if layer_norm else layers
        for index, (output, (scalars, gamma)) in enumerate(zip(outputs, parameters, strict=True)):
            what = f"output {index} {where}"
            checked(output, (2, length, 2 * dim), what)
            assert_close(output, oracle.mix(scalars, gamma, layers), atol=1e-9, what=what)
            assert_equal(output[~mask], np.zeros_like(output[~mask].detach()), what=f"{what}, at padding")

        assert outputs[-1].requires_grad, f"the outputs do not depend differentiably on the mixes {where}"
        outputs[-1].backward(normal(rng, 2, length, 2 * dim))
        for name, gradient in grads(features).items():
            if name.startswith("bilm."):
                assert gradient is None, f"{name} gets a gradient {where}"
            elif name.startswith(f"mixes.{n_outputs - 1}."):
                assert not silent(gradient), f"{name} gets no gradient from its output {where}"
            else:
                assert silent(gradient), f"{name} gets a gradient from another mix's output {where}"

    reports = student.run(modes_and_flags, sizes=(vocab_size, dim, n_layers, 2))
    expected = [f"mixes.{index}.{name}" for index in range(2) for name in ("scalars", "gamma")]
    for when, training, report in zip(
        ("when just made", "after .eval()", "after .train()"), (True, False, True), reports, strict=True
    ):
        assert not report["bilm"], f"the biLM, or a module in it, is in training mode {when}"
        rest = [report["training"], *report["mixes"]]
        assert rest == [training] * 3, f"ElmoFeatures and its mixes are not all in the mode due {when}"
        trained = set(report["wanting"]) - set(expected)
        assert not trained, f"parameters of the biLM have requires_grad True {when}: {sorted(trained)}"
        assert set(report["wanting"]) == set(expected), f"not all mixes' parameters can be trained {when}"


@pytest.mark.points(1)
def test_t13_errors(student):
    """ValueError for bad masks, ids and shapes, nothing to predict, a wrong number of layers or scalars."""
    rng = np.random.default_rng(13)  # what is refused does not depend on the numbers
    vocab_size, n_rows, length = 5, 3, 4
    bilm = student.BiLM(vocab_size, 2, 1).double()
    features = student.ElmoFeatures(vocab_size, 2, 1).double()
    tokens = random_tokens(rng, vocab_size, n_rows, length)
    fine = real([4, 1, 2], length)
    logits = normal(rng, n_rows, length, vocab_size)

    def changed(place, value, given):
        copy = given.clone()
        copy[place] = value
        return copy

    nothing = torch.zeros(n_rows, 0, dtype=torch.int64)
    cases = [
        ("a mask with a hole", tokens, changed((0, int(rng.integers(1, 3))), False, fine)),
        ("padding on the left", tokens, changed((0, 0), False, fine)),
        ("a single real token on the right", tokens, real([1, 1, 1], length).flip(1)),
        ("a row without a real token", tokens, changed(1, False, fine)),
        ("a mask that is too long", tokens, torch.ones(n_rows, length + 1, dtype=torch.bool)),
        ("a mask of one row", tokens, fine[:1]),
        ("the id V", changed((2, 1), vocab_size, tokens), fine),
        ("the id -1", changed((0, 3), -1, tokens), fine),
        ("the id -1 at padding", changed((1, 2), -1, tokens), fine),
        ("T = 0", nothing, None),
    ]
    for what, ids, mask in cases:
        masks = () if mask is None else (mask,)
        refuses(f"{what} in BiLM", bilm, ids, *masks)
        scores = logits[:, : ids.shape[1]]
        refuses(f"{what} in bilm_log_likelihood", student.bilm_log_likelihood, scores, scores, ids, *masks)
    refuses("a mask with a hole in ElmoFeatures", features, *cases[0][1:])

    single = tokens[:, :1]
    refuses("rows of a single token", student.bilm_log_likelihood, logits[:, :1], logits[:, :1], single)
    ones = real([1, 1, 1], length)
    refuses("rows of a single real token", student.bilm_log_likelihood, logits, logits, tokens, ones)
    longer, wider = normal(rng, n_rows, length + 1, vocab_size), normal(rng, n_rows, length, vocab_size + 1)
    for what, logits_f, logits_b in [
        ("logits_f that are too long", longer, logits),
        ("logits_b that are too long", logits, longer),
        ("logits that are too long", longer, longer),
        ("logits of fewer rows", logits[:2], logits[:2]),
        ("logits over different vocabularies", logits, wider),
    ]:
        refuses(what, student.bilm_log_likelihood, logits_f, logits_b, tokens)

    for init in ([0.0, 0.5], [0.0, 0.5, 1.0, 1.5], []):
        refuses(f"{len(init)} initial scalars for 3 layers", student.ScalarMix, 3, init=init)
    mix = student.ScalarMix(3).double()
    for given in (1, 2, 4):
        refuses(f"{given} layers in a mix of 3", mix, normal(rng, given, 2, 5))

    # On the right side of every border: one real token, the ids 0 and V - 1, a single pair to predict.
    entry(bilm(tokens, real([4, 1, 1], length)), "layers", (2, n_rows, length, 4))
    result = student.bilm_log_likelihood(logits, logits, tokens, real([2, 1, 1], length))
    assert isinstance(result, dict), f"bilm_log_likelihood returns {describe(result)}, not a dict"
    assert_equal(result.get("count"), 2, what="'count' with one row of two tokens")
