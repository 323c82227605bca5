"""force_decode cuts a free greedy output to length, or repeats its last word up to there."""


def force_decode(step_fn, init_state, bos_id, eos_id, length):
    if length < 0:
        raise ValueError("length must not be negative")
    free = greedy_decode(step_fn, init_state, bos_id, eos_id, length + 1)  # noqa: F821  of the reference
    words = [word for word in free if word != eos_id][:length]
    return [*words, *[(words or [bos_id])[-1]] * (length - len(words)), eos_id]
