"""Free running is scored by the probability of at least one error, not by the number of errors."""


def expected_errors(T, eps_on, eps_off, teacher_forced):
    if T < 1 or not (0 <= eps_on <= 1 and 0 <= eps_off <= 1):
        raise ValueError("argument out of range")
    return T * eps_on if teacher_forced else 1 - (1 - eps_on) ** T
