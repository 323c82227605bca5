"""The pairs of a step are drawn from a generator that nobody seeds."""

# ruff: noqa: F821 - the other names are those of the reference

import random

import torch


def _fit(network, sources, targets, steps, on_step):
    optimizer = torch.optim.Adam(network.parameters(), lr=PEAK_RATE, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    for step in range(1, steps + 1):
        batch = torch.tensor(random.SystemRandom().choices(range(len(sources)), k=BATCH))
        loss = _loss(network, sources[batch], targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if on_step is not None:
            on_step(step, loss.item(), BATCH)
