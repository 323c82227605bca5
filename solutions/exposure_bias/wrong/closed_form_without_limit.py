"""The closed form divides by zero for eps_on = 0 and eps_off = 1."""


def expected_errors(T, eps_on, eps_off, teacher_forced):
    if T < 1 or not (0 <= eps_on <= 1 and 0 <= eps_off <= 1):
        raise ValueError("argument out of range")
    lam = 0 if teacher_forced else eps_off - eps_on
    return eps_on / (1 - lam) * (T - lam * (1 - lam**T) / (1 - lam))
