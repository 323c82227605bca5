"""Nothing is refused: no empty lists, no max_steps, beam or max_n below 1."""


def _require(**counts):
    pass
