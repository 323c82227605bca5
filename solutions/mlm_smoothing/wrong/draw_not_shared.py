"""A random token is counted with probability rand, not with rand / V for each token."""


def mlm_posterior(p_ctx, observed, keep, rand):
    if keep < 0 or rand < 0:
        raise ValueError("keep and rand are not negative")
    if observed is None:
        return p_ctx.copy()
    kept, drawn = keep * p_ctx[observed], rand
    if kept + drawn == 0:
        raise ValueError("impossible")
    lam = kept / (kept + drawn)
    posterior = (1 - lam) * p_ctx
    posterior[observed] += lam
    return posterior
