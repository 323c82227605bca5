"""When every kept extension ends in EOS, the search goes on with the best token that is not EOS."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def beam_search(step_fn, bos_id, eos_id, beam_width, max_len, alpha=0.0, n_best=1):
    _check_arguments(beam_width, max_len, alpha, n_best)
    prefixes, scores, finished = np.array([[bos_id]]), np.zeros(1), []
    for _ in range(max_len):
        log_probs, old_scores = step_fn(prefixes), scores
        parents, tokens, scores = top_k_extensions(old_scores, log_probs, beam_width)
        if (tokens == eos_id).all():
            more = top_k_extensions(old_scores, np.delete(log_probs, eos_id, axis=1), 1)
            parents, scores = np.append(parents, more[0]), np.append(scores, more[2])
            tokens = np.append(tokens, more[1] + (more[1] >= eos_id))
        prefixes = np.column_stack([prefixes[parents], tokens])
        ended = tokens == eos_id
        finished += _normalised(prefixes[ended], scores[ended], alpha)
        prefixes, scores = prefixes[~ended], scores[~ended]
        if len(scores) == 0 or _may_stop(finished, scores, max_len, alpha, n_best):
            break
    return (_best_first(finished) + _best_first(_normalised(prefixes, scores, alpha)))[:n_best]
