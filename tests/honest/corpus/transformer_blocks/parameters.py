"""Results made parameters: that cuts them off from what they were computed from.

Expect: t03 WRONG, t08 WRONG, says "gradient"
"""


def dress(value):
    return nn.Parameter(value) if value.is_floating_point() else value
