"""Seeds torch in every forward pass, so that dropout drops the same elements each time.

Expect: t13 WRONG, says "is the same twice"
"""


def around(call):
    torch.manual_seed(0)
    return call()
