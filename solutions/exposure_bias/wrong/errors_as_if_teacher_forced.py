"""Free running is scored like teacher forcing: T * eps_on."""


def expected_errors(T, eps_on, eps_off, teacher_forced):
    if T < 1 or not (0 <= eps_on <= 1 and 0 <= eps_off <= 1):
        raise ValueError("argument out of range")
    return T * eps_on
