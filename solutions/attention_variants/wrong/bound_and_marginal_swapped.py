"""Returns (log_marginal, bound)."""


def variational_bound(log_alpha, log_lik):
    return (log_alpha + log_lik).logsumexp(dim=0), log_alpha.exp() @ log_lik
