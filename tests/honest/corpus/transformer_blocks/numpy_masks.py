"""Masks as numpy arrays of np.bool_, where tensors are meant.

Expect: t05 WRONG, says "has dtype bool, not torch.bool"
"""


def dress_result(result):
    return result.numpy() if isinstance(result, Tensor) and result.dtype == torch.bool else result
