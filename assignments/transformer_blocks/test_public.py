"""Public tests of transformer_blocks: small cases to try your code on. They carry no points."""

import numpy as np
import torch

ATTENTION = ["q_proj", "k_proj", "v_proj", "out_proj"]


def names(*layers):
    """The weight and the bias of each layer."""
    return {f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")}


def test_p1_attention_of_two_positions(student):
    """The worked example of the handout: with q = k = v = I the scores are 1 / sqrt(2) and 0."""
    identity = torch.eye(2, dtype=torch.float64)
    output, weights = student.scaled_dot_product_attention(identity, identity, identity)
    print(weights)
    np.testing.assert_allclose(weights, [[0.669762, 0.330238], [0.330238, 0.669762]], atol=1e-6)
    np.testing.assert_allclose(output, weights)

    causal = torch.tensor([[True, False], [True, True]])
    output, weights = student.scaled_dot_product_attention(identity, identity, identity, causal)
    np.testing.assert_allclose(weights, [[1.0, 0.0], [0.330238, 0.669762]], atol=1e-6)
    np.testing.assert_allclose(output, weights)


def test_p2_causal_mask_of_size_3(student):
    """Each position sees itself and the past."""
    mask = student.causal_mask(3)
    print(mask)
    assert mask.dtype == torch.bool
    assert mask.tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_p3_output_shapes(student):
    """Every module keeps the shape of its first input."""
    x, memory = torch.randn(2, 3, 8), torch.randn(2, 5, 8)
    assert student.MultiHeadAttention(8, 2)(x, memory, memory).shape == (2, 3, 8)
    assert student.PositionwiseFFN(8, 32)(x).shape == (2, 3, 8)
    for norm_first in (False, True):
        assert student.EncoderLayer(8, 2, 32, norm_first=norm_first)(x).shape == (2, 3, 8)
        assert student.DecoderLayer(8, 2, 32, norm_first=norm_first)(x, memory).shape == (2, 3, 8)


def test_p4_names_in_the_state_dicts(student):
    """The parameters bear the names of the handout, and there are no others."""
    attention, ffn = names(*ATTENTION), names("ffn.linear1", "ffn.linear2")
    own = {f"self_attn.{name}" for name in attention}
    cross = {f"cross_attn.{name}" for name in attention}
    assert set(student.MultiHeadAttention(8, 2).state_dict()) == attention
    assert set(student.PositionwiseFFN(8, 32).state_dict()) == names("linear1", "linear2")
    assert set(student.EncoderLayer(8, 2, 32).state_dict()) == own | ffn | names("norm1", "norm2")
    decoder = own | cross | ffn | names("norm1", "norm2", "norm3")
    assert set(student.DecoderLayer(8, 2, 32).state_dict()) == decoder


def test_p5_equal_scores_give_the_plain_mean(student):
    """With q_proj and k_proj all zero every score is 0, so each query reads the mean of the values."""
    attention = student.MultiHeadAttention(8, 2)
    state = attention.state_dict()
    attention.load_state_dict({name: state[name] * (name[0] not in "qk") for name in state})
    query, key, value = torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 8)
    with torch.no_grad():
        output = attention(query, key, value)
        mean = attention.out_proj(attention.v_proj(value).mean(dim=1, keepdim=True))
    np.testing.assert_allclose(output, mean.expand(2, 3, 8), atol=1e-5)
