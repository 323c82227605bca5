"""The decoder runs until EOS_C, however long the word gets."""

# ruff: noqa: F821 - the other names are those of the reference


def char_greedy(step, *, max_chars=21):
    _check_max_chars(max_chars)
    spelled = []
    while True:
        log_probs = step([BOS_C, *spelled])
        allowed = range(EOS_C, len(log_probs))
        best = max(allowed, key=lambda char: log_probs[char])
        if best == EOS_C:
            break
        spelled.append(best)
    return spelled
