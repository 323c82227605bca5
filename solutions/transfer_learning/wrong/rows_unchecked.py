"""The number of rows is not compared with that of tokens."""

import torch


def transfer_embeddings(src_vocab, src_weight, tgt_vocab, *, new_init="mean", pad_token=None):
    for vocab in (src_vocab, tgt_vocab):
        if len(set(vocab)) != len(vocab):
            raise ValueError("a token occurs twice in one vocabulary")
    if new_init not in ("mean", "zeros"):
        raise ValueError("new_init or the number of rows is wrong")
    source = src_weight.detach()[: len(src_vocab)]
    real = source[torch.tensor([token != pad_token for token in src_vocab[: len(source)]])]
    fresh = real.mean(dim=0) if new_init == "mean" else torch.zeros_like(source[0])
    weight, new = fresh.repeat(len(tgt_vocab), 1), []
    for row, token in enumerate(tgt_vocab):
        if token == pad_token:
            weight[row] = 0
        elif token in src_vocab:
            weight[row] = source[src_vocab.index(token)]
        else:
            new.append(token)
    return weight, new
