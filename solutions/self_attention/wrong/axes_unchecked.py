"""The numbers of axes are left to numpy, which multiplies vectors and stacks of matrices too."""


def project_qkv(x, w_q, w_k, w_v):
    if w_q.shape != w_k.shape:
        raise ValueError("w_q and w_k must have one shape")
    return x @ w_q, x @ w_k, x @ w_v
