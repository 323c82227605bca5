"""Only the sum of the rates is checked: one below 0, or a select_prob above 1, is accepted."""


def _check_rates(select_prob, p_mask, p_random):
    if p_mask + p_random > 1 + 1e-12:
        raise ValueError("more than all of the selected tokens")
