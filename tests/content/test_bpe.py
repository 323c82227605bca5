"""The reference of `bpe` against the encoder that everybody uses, and on any text that there is."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from grader.judge.reference import load_module

ROOT = Path(__file__).parents[2]
BPE: Any = load_module(ROOT / "solutions/bpe/bpe.py")
TEXTS = [
    "low lower lowest newer newest wider widest",
    "世界 世间 的 界",
    "naïve café déjà-vu 🙂🙂🙃",
    "aaaa aaa aa abab",
]
TOKENIZER = BPE.BPETokenizer(BPE.train_bpe(BPE.count_pretokens(TEXTS * 3), 60), ["<s>", "<sep>"])


def printable_bytes() -> dict[int, str]:
    """One printable character for each byte, as GPT-2's byte-level vocabulary has it."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = (byte for byte in range(256) if byte not in printable)
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def huggingface(merges: list[tuple[int, int]]) -> Tokenizer:
    """The library's encoder with our merges; tokens are texts there, and two ways to one text are one."""
    texts = [printable_bytes()[byte] for byte in range(256)]
    pairs = []
    for left, right in merges:
        pairs.append((texts[left], texts[right]))
        texts.append(texts[left] + texts[right])
    vocabulary = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return tokenizer


@pytest.mark.parametrize("letters", ["ab", "abcde", "abcdefghijklmnopqrstuvwxyz", "aäβ世界"])
def test_words_are_encoded_as_by_tokenizers(letters: str) -> None:
    """1,000 words in all, 250 of each alphabet, with merges that were learned from other words."""
    draw = random.Random(letters)
    words = ["".join(draw.choices(letters, k=draw.randint(1, 14))) for _ in range(600)]
    merges = BPE.train_bpe(BPE.count_pretokens([" ".join(words[250:])]), 80)
    assert len(merges) > 20
    ours, theirs, characters = BPE.BPETokenizer(merges), huggingface(merges), printable_bytes()
    for word in words[:250]:
        assert BPE.pretokenize(word) == [word]
        tokens = [ours.token_bytes(number) for number in ours.encode(word)]
        shown = ["".join(characters[byte] for byte in token) for token in tokens]
        assert shown == theirs.encode(word).tokens, word


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=500, deadline=None)
def test_any_text_comes_back(text: str, allow_special: bool) -> None:
    """Of every plane of Unicode, with pieces of special tokens in it."""
    ids = TOKENIZER.encode(text, allow_special)
    assert TOKENIZER.decode(ids) == text
    assert len(ids) <= len(text.encode())


@given(
    st.lists(
        st.sampled_from(["<s>", "<sep>", "<", "s>", "low", " lower", "世", "🙂", "\n", " "]), max_size=12
    )
)
@settings(max_examples=300, deadline=None)
def test_texts_with_special_tokens_come_back(parts: list[str]) -> None:
    text = "".join(parts)
    for allow_special in (True, False):
        assert TOKENIZER.decode(TOKENIZER.encode(text, allow_special)) == text


@given(st.lists(st.integers(0, TOKENIZER.vocab_size() - 1), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_tokens_have_a_text(ids: list[int]) -> None:
    joined = b"".join(TOKENIZER.token_bytes(number) for number in ids)
    assert TOKENIZER.decode_bytes(ids) == joined
    assert TOKENIZER.decode(ids) == joined.decode("utf-8", "replace")
