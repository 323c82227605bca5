"""Every value that the wire carries, as hypothesis strategies."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from grader.wire.codec import FunctionHandle, ObjectHandle
from grader.wire.dtypes import DIFFERENTIABLE, NUMPY_CODES, TORCH_NAMES

shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
seeds = st.integers(0, 2**32 - 1)
LAYOUTS = ("C", "F", "reversed", "strided", "big-endian")


def make_array(dtype: str, shape: tuple[int, ...], layout: str, seed: int) -> np.ndarray[Any, Any]:
    """Random bits, NaN patterns and all, in some memory layout."""
    generator = np.random.default_rng(seed)
    count = int(np.prod(shape, dtype=int)) * np.dtype(dtype).itemsize
    raw = generator.integers(0, 2 if dtype == "bool" else 256, count, dtype=np.uint8)
    array = np.frombuffer(raw.tobytes(), dtype).reshape(shape) if count else np.zeros(shape, dtype)
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "reversed" and array.ndim:
        return array[::-1]
    if layout == "strided" and array.ndim:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    if layout == "big-endian":
        return array.astype(array.dtype.newbyteorder(">"))
    return array


def make_tensor(name: str, shape: tuple[int, ...], live: bool, seed: int) -> torch.Tensor:
    """A tensor of random bits; `live` where the dtype knows gradients."""
    storage = "int16" if name == "bfloat16" else name
    tensor = torch.from_numpy(make_array(storage, shape, "C", seed).copy())
    tensor = tensor.view(torch.bfloat16) if name == "bfloat16" else tensor
    return tensor.requires_grad_(live and name in DIFFERENTIABLE)


any_float = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])
any_text = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too
big_integers = st.integers(1 - 2**8191, 2**8191 - 1)
arrays = st.builds(make_array, st.sampled_from(sorted(NUMPY_CODES)), shapes, st.sampled_from(LAYOUTS), seeds)
scalars = st.builds(make_array, st.sampled_from(sorted(NUMPY_CODES)), st.just(()), st.just("C"), seeds).map(
    lambda array: array[()]
)
tensors = st.builds(make_tensor, st.sampled_from(TORCH_NAMES), shapes, st.booleans(), seeds)
numpy_dtypes = st.sampled_from(sorted(NUMPY_CODES)).map(np.dtype)
torch_dtypes = st.sampled_from(TORCH_NAMES).map(lambda name: getattr(torch, name))
handles = st.builds(ObjectHandle, st.integers(0, 2**32 - 1), any_text, st.booleans()) | st.builds(
    FunctionHandle, st.integers(0, 2**32 - 1)
)

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | big_integers
    | any_float
    | st.builds(complex, any_float, any_float)
    | any_text
    | st.binary(max_size=20)
    | arrays
    | scalars
    | tensors
    | numpy_dtypes
    | torch_dtypes
    | handles
)
simple_keys = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | any_float
    | any_text
    | st.binary(max_size=8)
    | scalars.filter(lambda scalar: scalar.dtype.kind != "c")
)
keys = simple_keys | st.tuples(simple_keys, simple_keys)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=12,
)
