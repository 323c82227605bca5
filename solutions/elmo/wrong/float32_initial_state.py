"""The initial LSTM state is written down in float32 and does not follow `.double()`."""

import torch


def _stack_of_states(lstms, x):
    zero = torch.zeros(1, len(x), x.shape[-1], dtype=torch.float32)
    states = [x]
    for lstm in lstms:
        states.append(lstm(states[-1], (zero, zero))[0])
    return torch.stack(states)
