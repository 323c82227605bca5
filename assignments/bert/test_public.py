"""Public tests of bert: small cases to try your code on. They carry no points."""

import numpy as np
import torch

SPECIAL = {"cls_id": 1, "sep_id": 2, "pad_id": 0}


def names(*layers):
    """The weight and the bias of each layer."""
    return {f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")}


def lists(inputs):
    """The dict with plain lists in it, whatever kind of sequence they were."""
    return {key: np.asarray(value).tolist() for key, value in inputs.items()}


def test_p1_inputs_of_a_pair(student):
    """The worked example of the handout, without and with padding."""
    inputs = student.build_inputs([5, 6], [7], **SPECIAL)
    print(inputs)
    assert lists(inputs) == {
        "input_ids": [1, 5, 6, 2, 7, 2],
        "token_type_ids": [0, 0, 0, 0, 1, 1],
        "attention_mask": [1, 1, 1, 1, 1, 1],
    }
    padded = student.build_inputs([5, 6], [7], max_len=8, pad_to_max=True, **SPECIAL)
    assert lists(padded) == {
        "input_ids": [1, 5, 6, 2, 7, 2, 0, 0],
        "token_type_ids": [0, 0, 0, 0, 1, 1, 0, 0],
        "attention_mask": [1, 1, 1, 1, 1, 1, 0, 0],
    }


def test_p2_long_text_keeps_its_sep(student):
    """A text of 600 ids gives 512, of which the last is [SEP]."""
    ids = student.build_inputs(list(range(10, 610)), **SPECIAL)["input_ids"]
    assert len(ids) == 512
    assert ids[0] == 1
    assert ids[-1] == 2


def test_p3_shapes_and_names(student):
    """The outputs of a small model, and its state dict."""
    model = student.BertModel(11, 8, 3, 2, 16, max_len=9)
    outputs = model(
        torch.tensor([[1, 5, 6, 2], [1, 7, 2, 0]]), None, torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    )
    assert {name: tuple(value.shape) for name, value in outputs.items()} == {
        "hidden_states": (4, 2, 4, 8),
        "last_hidden": (2, 4, 8),
        "pooled": (2, 8),
        "nsp_logits": (2, 2),
    }
    expected = {f"embeddings.{name}.weight" for name in ("word", "position", "segment")}
    expected |= names("embeddings.norm", "pooler", "nsp")
    for i in range(3):
        parts = ("attn.in_proj", "attn.out_proj", "norm1", "ff1", "ff2", "norm2")
        expected |= names(*(f"layers.{i}.{part}" for part in parts))
    assert set(model.state_dict()) == expected


def test_p4_truncation(student):
    """The worked example of the handout: 6 goes, then 3."""
    a, b = student.truncate_pair([1, 2, 3], [4, 5, 6], 4)
    assert (list(a), list(b)) == ([1, 2], [4, 5])


def test_p5_batch(student):
    """Two inputs of 6 and 3 ids."""
    pair = student.build_inputs([5, 6], [7], **SPECIAL)
    single = student.build_inputs([8], **SPECIAL)
    batch = student.collate([pair, single], 0)
    print(batch)
    assert batch["input_ids"].tolist() == [[1, 5, 6, 2, 7, 2], [1, 8, 2, 0, 0, 0]]
    assert batch["token_type_ids"].tolist() == [[0, 0, 0, 0, 1, 1], [0] * 6]
    assert batch["attention_mask"].tolist() == [[True] * 6, [True] * 3 + [False] * 3]


def test_p6_next_sentences(student):
    """The worked example of the handout: two documents, so small that nothing is left to chance."""
    docs = [[[5], [6, 7], [8]], [[9]]]
    for p_next, successors in [(1.0, [([6, 7], 0, [0, 1]), ([8], 0, [0, 2])]), (0.0, [([9], 1, [1, 0])] * 2)]:
        pairs = student.make_nsp_pairs(docs, seed=0, p_next=p_next)
        assert [(list(pair["a"]), list(pair["a_pos"])) for pair in pairs] == [([5], [0, 0]), ([6, 7], [0, 1])]
        found = [(list(pair["b"]), int(pair["label"]), list(pair["b_pos"])) for pair in pairs]
        assert found == successors
    logits = torch.tensor([[2.0, 1.0], [0.0, 0.0], [-1.0, 3.0]])
    assert student.predict_is_next(logits).tolist() == [True, True, False]


def test_p7_features(student):
    """The worked example of the handout: a model of five layers, one token, one dimension."""
    states = torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0, 32.0]).reshape(6, 1, 1, 1)
    for strategy, values in [
        ("embeddings", [1]),
        ("last", [32]),
        ("second_to_last", [16]),
        ("sum_last4", [60]),
        ("concat_last4", [4, 8, 16, 32]),
        ("sum_all", [62]),
    ]:
        features = student.token_features(states, strategy)
        np.testing.assert_allclose(features, [[values]], err_msg=strategy)
