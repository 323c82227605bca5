"""EOS_C does not end the word; the decoder always runs to the limit."""

# ruff: noqa: F821 - the other names are those of the reference


def char_greedy(step, *, max_chars=21):
    _check_max_chars(max_chars)
    spelled = []
    while len(spelled) < max_chars - 2:
        log_probs = step([BOS_C, *spelled])
        allowed = range(EOS_C, len(log_probs))
        best = max(allowed, key=lambda char: log_probs[char])
        spelled.append(best)
    return spelled
