"""The tuner does not look at momentum, window and max_head_steps."""


def _check_settings(momentum, window, max_head_steps):
    pass
