"""The differences are scratch - transfer where higher is better."""

import numpy as np


def transfer_verdict(transfer, scratch, *, higher_is_better=True, z=2.0):
    n = len(transfer)
    if len(scratch) != n or n < 2 or z < 0:
        raise ValueError("lengths differ, n < 2 or z < 0")
    d = np.subtract(transfer, scratch) * (-1 if higher_is_better else 1)
    gain, stderr = float(d.mean()), float(d.std(ddof=1) / np.sqrt(n))
    verdict = "inconclusive"
    if gain != 0 and abs(gain) >= z * stderr:
        verdict = "positive" if gain > 0 else "negative"
    return {"gain": gain, "stderr": stderr, "verdict": verdict}
