"""The likelihoods are exponentiated before the largest is taken out: exp(-1e4) = 0."""


def variational_bound(log_alpha, log_lik):
    alpha = log_alpha.exp()
    return alpha @ log_lik, (alpha @ log_lik.exp()).log()
