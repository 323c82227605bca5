"""A gradient of its own, as a torch.autograd.Function.

Expect: full marks
"""


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scores):
        weights = scores.softmax(-1)
        ctx.save_for_backward(weights)
        return weights

    @staticmethod
    def backward(ctx, gradient):
        (weights,) = ctx.saved_tensors
        return weights * (gradient - (gradient * weights).sum(-1, keepdim=True))


def _masked_softmax(scores, mask):
    if mask is None:
        return Softmax.apply(scores)
    empty = ~mask.any(dim=-1, keepdim=True)
    scores = scores.masked_fill(~mask, -torch.inf).masked_fill(empty, 0.0)
    return Softmax.apply(scores).masked_fill(~mask, 0.0)
