"""Experiments and an exit under `__main__`.

Expect: full marks
"""

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    plt.show()
    raise SystemExit(0)
