"""Token 0 is taken for None, that is for [MASK]."""


def mlm_posterior(p_ctx, observed, keep, rand):
    if keep < 0 or rand < 0:
        raise ValueError("keep and rand are not negative")
    if not observed:
        return p_ctx.copy()
    kept, drawn = keep * p_ctx[observed], rand / len(p_ctx)
    if kept + drawn == 0:
        raise ValueError("impossible")
    lam = kept / (kept + drawn)
    posterior = (1 - lam) * p_ctx
    posterior[observed] += lam
    return posterior
