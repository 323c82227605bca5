"""Each rate is checked, their sum is not."""


def _check_rates(select_prob, p_mask, p_random):
    if not all(0 <= rate <= 1 for rate in (select_prob, p_mask, p_random)):
        raise ValueError("not a probability")
