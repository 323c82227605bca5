"""Nonsensical arguments of beam_search are accepted."""


def _check_arguments(beam_width, max_len, alpha, n_best):
    """Trust the caller."""
