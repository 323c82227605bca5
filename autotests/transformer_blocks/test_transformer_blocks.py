"""Hidden tests of `transformer_blocks`.

Masks say True = may attend; torch's modules in the oracle want the opposite.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, grads

from . import oracle

LEADS = [(), (3,), (2, 4)]


def normal(rng, *shape):
    """A float64 tensor of standard normal numbers."""
    return torch.from_numpy(rng.normal(size=shape))


def random_mask(rng, *shape):
    """A bool mask; every row has a key that is allowed and one that is forbidden."""
    allowed = rng.random(shape) < 0.6
    first = rng.integers(shape[-1], size=shape[:-1])
    second = (first + rng.integers(1, shape[-1], size=shape[:-1])) % shape[-1]
    np.put_along_axis(allowed, first[..., None], True, axis=-1)
    np.put_along_axis(allowed, second[..., None], False, axis=-1)
    return torch.from_numpy(allowed)


def causal(length):
    """What `causal_mask` should be."""
    return torch.arange(length) <= torch.arange(length)[:, None]


def real_tokens(lengths, length):
    """Bool (B, L): which positions are not padding."""
    return torch.arange(length) < torch.as_tensor(lengths)[:, None]


def checked(value, shape, what):
    """The value itself, known to be a tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} is {describe(value)}, not a tensor"
    assert value.shape == shape, f"{what} has shape {tuple(value.shape)}, not {tuple(shape)}"
    return value


def attend(student, q, k, v, *mask):
    """The student's (output, weights), known to have the right shapes."""
    result = student.scaled_dot_product_attention(q, k, v, *mask)
    pair = isinstance(result, tuple | list) and len(result) == 2
    assert pair, f"scaled_dot_product_attention returns {describe(result)}, not (output, weights)"
    output = checked(result[0], (*q.shape[:-1], v.shape[-1]), "the output")
    return output, checked(result[1], (*q.shape[:-1], k.shape[-2]), "weights")


def with_weights(module, state):
    """A student's module in float64 with the given weights, loaded strictly."""
    module.double()
    module.load_state_dict(state)
    return module


@pytest.mark.points(3)
def test_t01_attention_without_mask(student, rng):
    """scaled_dot_product_attention without a mask: 0 to 2 leading dimensions, dv != d, Lq != Lk."""
    for lead in LEADS:
        q, k, v = normal(rng, *lead, 4, 6), normal(rng, *lead, 7, 6), normal(rng, *lead, 7, 3)
        output, weights = attend(student, q, k, v)
        expected_output, expected_weights = oracle.attention(q, k, v)
        where = f"with leading dimensions {lead}"
        assert_close(weights, expected_weights, what=f"weights {where}")
        sums = as_array(weights).sum(-1)
        assert_close(sums, np.ones((*lead, 4)), what=f"the sum of each row of weights {where}")
        assert_close(output, expected_output, what=f"output {where}")


@pytest.mark.points(2)
def test_t02_attention_with_mask(student, rng):
    """scaled_dot_product_attention with bool masks of shapes (Lq, Lk), (B, 1, 1, Lk) and (B, 1, Lq, Lk)."""
    for shape in [(4, 6), (3, 1, 1, 6), (3, 1, 4, 6)]:
        q, k, v = normal(rng, 3, 2, 4, 5), normal(rng, 3, 2, 6, 5), normal(rng, 3, 2, 6, 7)
        mask = random_mask(rng, *shape)
        output, weights = attend(student, q, k, v, mask)
        expected_output, expected_weights = oracle.attention(q, k, v, mask)
        where = f"with a mask of shape {shape}"
        assert_close(weights, expected_weights, what=f"weights {where}")
        forbidden = as_array(weights)[~mask.expand(3, 2, 4, 6).numpy()]
        assert_equal(forbidden, np.zeros_like(forbidden), what=f"the weights of forbidden keys {where}")
        assert_close(output, expected_output, what=f"output {where}")


@pytest.mark.points(2)
def test_t03_row_without_allowed_key(student, rng):
    """A query without any allowed key, among normal ones: zero weights, zero output, correct gradients."""
    one_row, one_item = random_mask(rng, 4, 5), random_mask(rng, 2, 1, 1, 5)
    one_row_of_one_item = random_mask(rng, 2, 1, 4, 5)
    one_row[rng.integers(4)] = False
    one_item[rng.integers(2)] = False
    one_row_of_one_item[rng.integers(2), 0, rng.integers(4)] = False
    for mask in (one_row, one_item, one_row_of_one_item):
        given = [normal(rng, 2, 2, n, 3).requires_grad_() for n in (4, 5, 5)]
        twins = [tensor.detach().clone().requires_grad_() for tensor in given]
        output, weights = attend(student, *given, mask)
        expected_output, expected_weights = oracle.attention_by_rows(*twins, mask)
        where = f"with a mask of shape {tuple(mask.shape)}"
        empty = ~mask.any(dim=-1).expand(2, 2, 4).numpy()
        assert_close(weights, expected_weights, what=f"weights {where}")
        assert_close(output, expected_output, what=f"output {where}")
        for name, value in [("weights", weights), ("output", output)]:
            nothing = as_array(value)[empty]
            assert_equal(nothing, np.zeros_like(nothing), what=f"{name} of a query without keys {where}")
        assert output.requires_grad, "the output does not depend differentiably on q, k and v"
        direction = normal(rng, 2, 2, 4, 3)
        output.backward(direction)
        expected_output.backward(direction)
        for name, tensor, twin in zip("qkv", given, twins, strict=True):
            assert_close(tensor.grad, twin.grad, what=f"the gradient of {name} {where}")

    small = [normal(rng, n, 2).requires_grad_() for n in (3, 4, 4)]
    mask = random_mask(rng, 3, 4)
    mask[rng.integers(3)] = False

    def output_of(q, k, v):
        return attend(student, q, k, v, mask)[0]

    agrees = torch.autograd.gradcheck(output_of, small, fast_mode=True, raise_exception=False)
    assert agrees, "the gradients of q, k and v do not agree with finite differences"


@pytest.mark.points(1)
def test_t04_large_scores_in_float32(student, rng):
    """float32 scores up to 1e4: finite, one-hot weights, also when each row's largest score is forbidden."""
    # The keys are an orthogonal basis, so q can be made to have any scores; these are at least 1333 apart.
    n, d = 5, 16
    keys = np.linalg.qr(rng.normal(size=(d, d)))[0]
    order = np.stack([rng.permutation(d) for _ in range(n)])
    scores = np.linspace(-1e4, 1e4, d)[order]
    q = torch.from_numpy(scores @ keys * d**0.5 / 20).float()
    k, v = torch.from_numpy(keys * 20).float(), torch.from_numpy(rng.normal(size=(d, 3))).float()
    for what, mask, winner in [
        ("without a mask", None, d - 1),
        ("with the largest score of each row forbidden", torch.from_numpy(order != d - 1), d - 2),
    ]:
        args = (q, k, v) if mask is None else (q, k, v, mask)
        output, weights = attend(student, *args)
        one_hot = (order == winner).astype(np.float32)
        assert_close(weights, one_hot, rtol=0, atol=1e-5, what=f"weights {what}")
        assert_close(output, one_hot @ v.numpy(), rtol=0, atol=1e-5, what=f"output {what}")


@pytest.mark.points(2)
def test_t05_mask_helpers(student, rng):
    """causal_mask and padding_mask: values, shape, dtype bool; padding_mask refuses impossible lengths."""
    for length in (1, 5):
        mask = student.causal_mask(length)
        assert_equal(mask, causal(length), what=f"causal_mask({length})")
        assert_dtype(mask, torch.bool, what=f"causal_mask({length})")
    for lengths, length in [([0, 2, 5], 5), (rng.integers(0, 8, size=4).tolist(), 7)]:
        mask = student.padding_mask(torch.tensor(lengths), length)
        what = f"padding_mask({lengths}, {length})"
        assert_equal(mask, real_tokens(lengths, length)[:, None, None, :], what=what)
        assert_dtype(mask, torch.bool, what=what)
    for lengths in ([2, -1], [6, 2]):
        with pytest.raises(ValueError):
            student.padding_mask(torch.tensor(lengths), 5)


@pytest.mark.points(3)
def test_t06_multi_head_self_attention(student, rng):
    """MultiHeadAttention as self-attention with a causal mask: width 12 with 1, 3 and 4 heads."""
    x, mask = normal(rng, 2, 5, 12), causal(5)
    for n_heads in (1, 3, 4):
        state = oracle.random_state(rng, oracle.attention_shapes(12))
        module = with_weights(student.MultiHeadAttention(12, n_heads), state)
        expected, _ = oracle.multihead(state, n_heads)(x, x, x, attn_mask=~mask, need_weights=False)
        what = f"the output with n_heads={n_heads}"
        assert_close(checked(module(x, x, x, mask), x.shape, what), expected, what=what)


@pytest.mark.points(2)
def test_t07_multi_head_cross_attention(student, rng):
    """MultiHeadAttention with three different inputs, Lq != Lk, padding, and queries without any key."""
    state = oracle.random_state(rng, oracle.attention_shapes(12))
    query, key, value = normal(rng, 3, 4, 12), normal(rng, 3, 6, 12), normal(rng, 3, 6, 12)
    lengths = rng.permutation([0, int(rng.integers(1, 6)), 6])
    real = real_tokens(lengths, 6)
    module = with_weights(student.MultiHeadAttention(12, 3), state)
    output = checked(module(query, key, value, real[:, None, None, :]), query.shape, "the output")

    some = torch.from_numpy(lengths > 0)
    expected, _ = oracle.multihead(state, 3)(
        query[some], key[some], value[some], key_padding_mask=~real[some], need_weights=False
    )
    assert_close(output[some], expected, what="the output of queries that have keys")
    bias = state["out_proj.bias"].expand(1, 4, 12)
    assert_close(output[~some], bias, what="the output of queries without any key")


@pytest.mark.points(2)
def test_t08_multi_head_gradients_and_names(student, rng):
    """MultiHeadAttention: gradients of all parameters and inputs, names in the state dict, bias=False."""
    for bias in (True, False):
        module = student.MultiHeadAttention(8, 2, bias=bias)
        names, expected = set(module.state_dict()), set(oracle.attention_shapes(8, bias=bias))
        lacks, extra = sorted(expected - names), sorted(names - expected)
        assert names == expected, f"with bias={bias} the state dict lacks {lacks} and should not have {extra}"

    state = oracle.random_state(rng, oracle.attention_shapes(8))
    module, twin = with_weights(student.MultiHeadAttention(8, 2), state), oracle.multihead(state, 2)
    given = [normal(rng, 2, n, 8).requires_grad_() for n in (4, 5, 5)]
    twins = [tensor.detach().clone().requires_grad_() for tensor in given]
    mask, direction = random_mask(rng, 4, 5), normal(rng, 2, 4, 8)
    output = checked(module(*given, mask), direction.shape, "the output")
    expected, _ = twin(*twins, attn_mask=~mask, need_weights=False)
    assert_close(output, expected, what="the output")
    assert output.requires_grad, "the output does not depend differentiably on inputs and parameters"
    output.backward(direction)
    expected.backward(direction)
    for name, tensor, other in zip(("query", "key", "value"), given, twins, strict=True):
        assert_close(tensor.grad, other.grad, atol=1e-9, what=f"the gradient of {name}")
    expected = oracle.multihead_gradients(twin)
    assert_close(grads(module), expected, atol=1e-9, what="the gradients of parameters")


@pytest.mark.points(2)
def test_t09_encoder_layer_post_norm(student, rng):
    """EncoderLayer in post-norm order, without a mask and with a padding mask (real positions only)."""
    state = oracle.random_state(rng, oracle.encoder_shapes(8, 16))
    layer, twin = with_weights(student.EncoderLayer(8, 2, 16), state), oracle.encoder_layer(state, 2)
    x = normal(rng, 3, 5, 8)
    what = "the output without a mask"
    assert_close(checked(layer(x), x.shape, what), twin(x), atol=1e-9, what=what)

    real = real_tokens([*rng.integers(1, 5, size=2), 5], 5)
    what = "the output at real positions, with a padding mask"
    output = checked(layer(x, real[:, None, None, :]), x.shape, what)
    expected = twin(x, src_key_padding_mask=~real)
    assert_close(output[real], expected[real], atol=1e-9, what=what)


@pytest.mark.points(2)
def test_t10_layers_pre_norm(student, rng):
    """EncoderLayer and DecoderLayer in pre-norm order, with padding masks."""
    x, target = normal(rng, 3, 5, 8), normal(rng, 3, 4, 8)
    real = real_tokens([*rng.integers(1, 5, size=2), 5], 5)
    mask = real[:, None, None, :]

    state = oracle.random_state(rng, oracle.encoder_shapes(8, 16))
    layer = with_weights(student.EncoderLayer(8, 2, 16, norm_first=True), state)
    what = "the encoder layer's output at real positions"
    output = checked(layer(x, mask), x.shape, what)
    expected = oracle.encoder_layer(state, 2, norm_first=True)(x, src_key_padding_mask=~real)
    assert_close(output[real], expected[real], atol=1e-9, what=what)

    state = oracle.random_state(rng, oracle.decoder_shapes(8, 16))
    layer = with_weights(student.DecoderLayer(8, 2, 16, norm_first=True), state)
    twin = oracle.decoder_layer(state, 2, norm_first=True)
    expected = twin(target, x, tgt_mask=~causal(4), memory_key_padding_mask=~real)
    what = "the decoder layer's output"
    assert_close(checked(layer(target, x, None, mask), target.shape, what), expected, atol=1e-9, what=what)


@pytest.mark.points(3)
def test_t11_decoder_layer_post_norm(student, rng):
    """DecoderLayer in post-norm order, T != S, with memory padding; then also with two kinds of tgt_mask."""
    state = oracle.random_state(rng, oracle.decoder_shapes(8, 16))
    layer, twin = with_weights(student.DecoderLayer(8, 2, 16), state), oracle.decoder_layer(state, 2)
    x, memory = normal(rng, 3, 4, 8), normal(rng, 3, 6, 8)
    real = real_tokens([*rng.integers(1, 6, size=2), 6], 6)
    memory_mask, future = real[:, None, None, :], ~causal(4)

    expected = twin(x, memory, tgt_mask=future, memory_key_padding_mask=~real)
    what = "the output without tgt_mask"
    assert_close(checked(layer(x, memory, None, memory_mask), x.shape, what), expected, atol=1e-9, what=what)

    # Random, with the diagonal open; it forbids a piece of the past and "allows" a piece of the future.
    tgt_mask = torch.from_numpy(rng.random((4, 4)) < 0.5) | torch.eye(4, dtype=torch.bool)
    tgt_mask[0, 3], tgt_mask[3, 0] = True, False
    expected = twin(x, memory, tgt_mask=future | ~tgt_mask, memory_key_padding_mask=~real)
    what = "the output with a (T, T) tgt_mask"
    output = checked(layer(x, memory, tgt_mask, memory_mask), x.shape, what)
    assert_close(output, expected, atol=1e-9, what=what)

    tokens = real_tokens([*rng.integers(1, 4, size=2), 4], 4)
    expected = twin(x, memory, tgt_mask=future, tgt_key_padding_mask=~tokens, memory_key_padding_mask=~real)
    what = "the output at real positions with a (B, 1, 1, T) tgt_mask"
    output = checked(layer(x, memory, tokens[:, None, None, :], memory_mask), x.shape, what)
    assert_close(output[tokens], expected[tokens], atol=1e-9, what=what)


@pytest.mark.points(1)
def test_t12_what_depends_on_what(student, rng):
    """A decoder layer never sees the future, the order of memory is irrelevant; an encoder layer sees all."""
    length, source = 5, 6
    state = oracle.random_state(rng, oracle.decoder_shapes(8, 16))
    layer = with_weights(student.DecoderLayer(8, 2, 16), state)
    x, memory = normal(rng, 1, length, 8), normal(rng, 1, source, 8)
    memory_mask = random_mask(rng, 1, 1, 1, source)
    past = causal(length)
    # Item t of the batch keeps x[:t + 1] and has another future.
    futures = torch.where(past[:, :, None], x, normal(rng, length, length, 8))
    window = (torch.arange(length) - torch.arange(length)[:, None]).abs() <= 2
    for name, tgt_mask in [("without tgt_mask", None), ("with a tgt_mask that opens the future", window)]:
        whole = checked(layer(x, memory, tgt_mask, memory_mask), x.shape, f"the output {name}")
        memories = memory.expand(length, -1, -1)
        output = checked(layer(futures, memories, tgt_mask, memory_mask), futures.shape, f"the output {name}")
        what = f"the output up to t when the inputs after t change, {name}"
        assert_close(output[past], whole.expand_as(output)[past], what=what)
        for t in range(length):
            cut = None if tgt_mask is None else tgt_mask[: t + 1, : t + 1]
            prefix = layer(x[:, : t + 1], memory, cut, memory_mask)
            what = f"the output of the first {t + 1} inputs alone, {name}"
            assert_close(checked(prefix, (1, t + 1, 8), what), whole[:, : t + 1], what=what)

    order = torch.from_numpy(rng.permutation(source))
    permuted = layer(x, memory[:, order], None, memory_mask[..., order])
    what = "the output after a permutation of memory and its mask"
    assert_close(checked(permuted, x.shape, what), layer(x, memory, None, memory_mask), what=what)

    state = oracle.random_state(rng, oracle.encoder_shapes(8, 16))
    layer = with_weights(student.EncoderLayer(8, 2, 16), state)
    # Item j of the batch has another input at position j only.
    only = torch.eye(length, dtype=torch.bool)[:, :, None]
    after = layer(torch.where(only, normal(rng, length, length, 8), x))
    after = checked(after, (length, length, 8), "the encoder layer's output")
    moved = (after - layer(x)).abs().amax(dim=-1) > 1e-10
    assert moved.all(), "some outputs of the encoder layer did not change although an input did"


@pytest.mark.points(1)
def test_t13_errors_and_dropout(student, rng):
    """ValueError for bad heads, masks and shapes; dropout is off in eval mode and random in training mode."""
    with pytest.raises(ValueError):
        student.MultiHeadAttention(10, 3)
    q, k = normal(rng, 4, 6), normal(rng, 5, 6)
    for args in [
        (q, k, k, torch.ones(4, 5, dtype=torch.float64)),
        (q, k[:, :5], k),
        (q, k, k[:4]),
    ]:
        with pytest.raises(ValueError):
            student.scaled_dot_product_attention(*args)

    x, memory = normal(rng, 2, 5, 8), normal(rng, 2, 5, 8)
    for make, shapes, inputs in [
        (student.EncoderLayer, oracle.encoder_shapes(8, 16), (x,)),
        (student.DecoderLayer, oracle.decoder_shapes(8, 16), (x, memory)),
    ]:
        state = oracle.random_state(rng, shapes)
        plain, dropping = (with_weights(make(8, 2, 16, dropout=p), state) for p in (0.0, 0.5))
        dropping.eval()
        what = "the output with dropout=0.5 in eval mode"
        expected = checked(plain(*inputs), x.shape, "the output with dropout=0")
        assert_close(checked(dropping(*inputs), x.shape, what), expected, rtol=0, atol=1e-12, what=what)
        dropping.train()
        what = "the output with dropout=0.5 in training mode"
        first, second = (checked(dropping(*inputs), x.shape, what) for _ in range(2))
        assert not torch.equal(first, second), f"{what} is the same twice"
