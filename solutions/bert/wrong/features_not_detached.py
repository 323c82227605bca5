"""The features are not detached, so the task's gradients flow into BERT."""

import torch


def token_features(hidden_states, strategy):
    n_layer = len(hidden_states) - 1
    if n_layer < (4 if strategy.endswith("last4") else 1):
        raise ValueError("too few layers")
    states = hidden_states
    match strategy:
        case "embeddings":
            return states[0]
        case "last":
            return states[-1]
        case "second_to_last":
            return states[-2]
        case "sum_last4":
            return states[-4:].sum(dim=0)
        case "concat_last4":
            return torch.cat(tuple(states[-4:]), dim=-1)
        case "sum_all":
            return states[1:].sum(dim=0)
    raise ValueError("no such strategy")
