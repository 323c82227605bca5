"""lambda = keep / (keep + rand), whatever the context says of the token and however large V is."""


def mlm_posterior(p_ctx, observed, keep, rand):
    if keep < 0 or rand < 0:
        raise ValueError("keep and rand are not negative")
    if observed is None:
        return p_ctx.copy()
    kept, drawn = keep * p_ctx[observed], rand / len(p_ctx)
    if kept + drawn == 0:
        raise ValueError("impossible")
    lam = keep / (keep + rand)
    posterior = (1 - lam) * p_ctx
    posterior[observed] += lam
    return posterior
