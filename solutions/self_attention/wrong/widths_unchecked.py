"""w_q and w_k of different widths are accepted; the products that fail on them come later, or never."""


def project_qkv(x, w_q, w_k, w_v):
    if x.ndim < 2 or not w_q.ndim == w_k.ndim == w_v.ndim == 2:
        raise ValueError("x needs 2 axes or more, the weights need 2")
    return x @ w_q, x @ w_k, x @ w_v
