"""What is transfer learning? (study note 11, a heading without an answer)

A *domain* is a feature space with a distribution P(x), a *task* a label space with P(y | x). Given a source
and a target that differ in the domain, in the task, or in both, transfer learning uses what was learnt on the
source to improve the predictor on the target. In NLP it is mostly sequential: pretrain once, then adapt.

    what is carried over     transfer_state_dict, transfer_embeddings
    how it is adapted        linear_probe: the source's features stay fixed, only a new head is fitted
                             fine_tune_linear: training goes on from the source's weights
    whether it helped        few_shot_gap: against training from scratch on the same target data
                             transfer_verdict: over several seeds, told from chance

It need not help: *negative transfer* is a result on the target worse than that of training on the target
alone.

Everything is done on plain tensors and dicts of tensors, no modules. No function changes its arguments. Float
tensors that are passed together have one dtype, except in the two dicts of `transfer_state_dict`.

Pan and Yang 2010, "A Survey on Transfer Learning", for the definition; Li, Grandvalet and Davoine 2018,
"Explicit Inductive Bias for Transfer Learning with Convolutional Networks" (arXiv:1802.01483), for the decay
towards the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

### BEGIN SOLUTION
from math import sqrt
from statistics import fmean, stdev

### END SOLUTION
import torch
import torch.nn.functional as F
from torch import Tensor

### BEGIN SOLUTION


def _has_prefix(key: str, prefix: str) -> bool:
    """Whether whole components match. The dot keeps `header.weight` out of `head`."""
    return prefix in ("", key) or key.startswith(prefix + ".")


def _is_excluded(name: str, exclude: Sequence[str]) -> bool:
    return any(_has_prefix(name, prefix) for prefix in exclude)


def _renamed(key: str, rename: Mapping[str, str]) -> str:
    """The key under its new name. One look-up, so a new name is never renamed again."""
    matching = [prefix for prefix in rename if _has_prefix(key, prefix)]
    if not matching:
        return key
    old = max(matching, key=len)  # all of them begin the same key: the longest has the most components
    rest = key.removeprefix(old).removeprefix(".")
    return ".".join(part for part in (rename[old], rest) if part)


def _under_new_names(source: dict[str, Tensor], rename: Mapping[str, str]) -> dict[str, Tensor]:
    renamed: dict[str, Tensor] = {}
    for key, tensor in source.items():
        name = _renamed(key, rename)
        if not name:
            raise ValueError(f"renaming leaves nothing of {key!r}")
        if name in renamed:
            raise ValueError(f"two source keys become {name!r}")
        renamed[name] = tensor
    return renamed


def _fate(name: str, tensor: Tensor, source: dict[str, Tensor], exclude: Sequence[str]) -> str:
    """The list of the report for one tensor of the target; `source` is under its new names."""
    if _is_excluded(name, exclude):
        return "excluded"
    if name not in source:
        return "missing"
    # Shapes are compared before anything is copied: `copy_` would broadcast.
    return "loaded" if source[name].shape == tensor.shape else "mismatched"


def _own_copy(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    """Without `copy`, `to` hands back the tensor itself when there is nothing to convert."""
    return tensor.detach().to(dtype, copy=True)


### END SOLUTION


def transfer_state_dict(
    source: dict[str, Tensor],
    target: dict[str, Tensor],
    *,
    exclude: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
) -> tuple[dict[str, Tensor], dict[str, list[str]]]:
    """Copy from `source` to `target` what fits in name and shape, and report what became of every key.

    Think of two state dicts: of a pretrained model, and of a new one with another head. What does not fit
    keeps the value of the target, and is reported instead of forgiven.

    Prefixes count in whole components: P matches the key K if and only if P is "", or K equals P, or K starts
    with P and a dot. So "head" matches "head" and "head.weight", but neither "header.weight" nor "my.head".

    Renaming: each source key is rewritten once, by the matching prefix with the most components ("" has
    none). That part of the key is replaced by the new prefix. An empty new prefix removes the part together
    with its dot; with P = "" the new prefix and a dot are put in front. A key without a matching prefix stays
    as it is, and so does everything with `{"": ""}`. The order of `rename` plays no part.

        {"module": ""}                 module.enc.weight -> enc.weight
        {"": "bert"}                   enc.weight        -> bert.enc.weight
        {"enc": "body", "enc.0": "in"} enc.0.weight      -> in.weight       enc.1.weight -> body.1.weight

    Excluding: the prefixes in `exclude` refer to names *after* renaming, those of the target.

    Args:
        source: tensors of any shape and dtype by key; some may require gradients.
        target: likewise. Keys are not empty.
        exclude: prefixes of what is not to be transferred, like a head for other classes.
        rename: new prefix by old prefix; None is the same as an empty one.

    Returns:
        (state, report). state has the keys of `target` in the order of `target`. Every value is a new tensor
        in the dtype of the target's tensor, without requires_grad, sharing memory with neither input. report
        has these five keys, each with a sorted list of names, which may be empty:

            "excluded"    keys of the target that match `exclude`; they keep the target's value
            "loaded"      other keys of the target that the renamed source has with the *same shape*; they
                          have the source's value. Equal shapes, nothing less: a (1, 4) is no (3, 4), and a
                          (1,) is no ()
            "mismatched"  ... that it has with another shape; they keep the target's value
            "missing"     ... that it does not have; they keep the target's value
            "unexpected"  renamed source keys that are neither in `target` nor match `exclude`

        Source keys that match `exclude` and are not in `target` are reported nowhere.

    Raises:
        ValueError: nothing is loaded, as when a forgotten prefix keeps all names apart; renaming leaves
            nothing of a source key; two source keys get the same name, whether or not it is in `target` or
            matches `exclude`.
    """
    ### BEGIN SOLUTION
    renamed = _under_new_names(source, rename or {})
    state: dict[str, Tensor] = {}
    report: dict[str, list[str]] = {
        fate: [] for fate in ("loaded", "mismatched", "missing", "excluded", "unexpected")
    }
    for name, tensor in target.items():
        fate = _fate(name, tensor, renamed, exclude)
        state[name] = _own_copy(renamed[name] if fate == "loaded" else tensor, tensor.dtype)
        report[fate].append(name)
    if not report["loaded"]:
        raise ValueError("nothing was loaded: do the names need a `rename`?")
    report["unexpected"] = [n for n in renamed if n not in target and not _is_excluded(n, exclude)]
    return state, {fate: sorted(names) for fate, names in report.items()}
    ### END SOLUTION


def transfer_embeddings(
    src_vocab: list[str],
    src_weight: Tensor,
    tgt_vocab: list[str],
    *,
    new_init: str = "mean",
    pad_token: str | None = None,
) -> tuple[Tensor, list[str]]:
    """Make an embedding table for a new vocabulary from the table of an old one.

    Row numbers mean nothing outside their own vocabulary, so rows are matched by their tokens. A new token
    starts at the mean of the source's rows: in the middle of what the rest of the model is used to.

    Args:
        src_vocab: S >= 1 different tokens; token i has row i of src_weight.
        src_weight: float (S, D); may require a gradient, as an `nn.Embedding`'s weight does.
        tgt_vocab: T >= 1 different tokens, in any order.
        new_init: "mean" gives each new token the mean of all source rows but the pad's, also of those rows
            whose tokens are not in tgt_vocab; there is at least one. "zeros" gives it zeros.
        pad_token: the token that only fills up sentences; None if there is none. It need not be in both
            vocabularies, nor in either.

    Returns:
        (weight, new). weight is float (T, D) in the dtype of src_weight, a new tensor without requires_grad:
        zeros for the pad token, the source's row for a token that is in src_vocab, and for the others what
        new_init says. new is the list of those others (without the pad token) in the order of tgt_vocab.

    Raises:
        ValueError: a token occurs twice in one vocabulary; src_weight has not as many rows as src_vocab has
            tokens; new_init is neither "mean" nor "zeros".
    """
    ### BEGIN SOLUTION
    for vocab in (src_vocab, tgt_vocab):
        if len(set(vocab)) != len(vocab):
            raise ValueError("a token occurs twice in one vocabulary")
    if new_init not in ("mean", "zeros"):
        raise ValueError(f"new_init is {new_init!r}, not 'mean' or 'zeros'")
    row_of = dict(zip(src_vocab, src_weight.detach(), strict=True))  # `strict`: ValueError for missing rows
    zeros = src_weight.new_zeros(src_weight.shape[1])  # (D,)
    fresh = zeros
    if new_init == "mean":
        # The pad's row was never trained; an average has no use for it.
        fresh = torch.stack([row for token, row in row_of.items() if token != pad_token]).mean(dim=0)
    weight = torch.stack([zeros if t == pad_token else row_of.get(t, fresh) for t in tgt_vocab])
    return weight, [token for token in tgt_vocab if token not in row_of and token != pad_token]
    ### END SOLUTION


def linear_probe(features: Tensor, labels: Tensor, n_classes: int, l2: float) -> tuple[Tensor, Tensor]:
    """Fit a linear classifier on fixed features by ridge regression, in closed form.

    W and b minimise, with f_i the features and y_i the label of row i, the squared error against one-hot
    labels plus a penalty on W,

        1/n * sum_i ||f_i W + b - onehot(y_i)||^2  +  l2 * ||W||_F^2.

    The bias is *not* penalised. A constant added to all features is then absorbed by b, and changes neither W
    nor the predictions f W + b. Because l2 > 0 there is exactly one minimum, also for n < d, for n = 1, and
    for classes that do not occur. How good a probe gets says how much of the task the features contain; the
    source model itself learns nothing.

    Args:
        features: float (n, d), what the source model says about n inputs.
        labels: int64 (n,), in 0..C-1; not every class need occur.
        n_classes: number of classes C.
        l2: strength of the penalty, above 0.

    Returns:
        (W, b), of shapes (d, C) and (C,) and in the dtype of features.

    Raises:
        ValueError: l2 <= 0; n = 0; features and labels have not the same number of rows; a label is below 0
            or above C - 1.
    """
    ### BEGIN SOLUTION
    n = len(labels)
    if l2 <= 0:
        raise ValueError(f"l2 is {l2}, must be above 0")
    if n == 0 or len(features) != n:
        raise ValueError(f"{len(features)} rows of features and {n} labels; both must be the same, not 0")
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(f"labels must be in 0..{n_classes - 1}")
    onehot = F.one_hot(labels, n_classes).to(features)  # (n, C); `to` takes over the dtype
    # Whatever W is, the best bias makes the mean prediction equal the mean target: b = mean(y) - mean(f) W.
    # With this b in place, what is left is plain ridge regression on centred features. Its targets need no
    # centring: a constant is orthogonal to centred columns.
    mean = features.mean(dim=0)  # (d,)
    centred = features - mean
    gram = centred.T @ centred / n
    gram.diagonal().add_(l2)
    weight = torch.linalg.solve(gram, centred.T @ onehot / n)  # (d, C)
    return weight, onehot.mean(dim=0) - mean @ weight
    ### END SOLUTION


### BEGIN SOLUTION
def _check_data(w: Tensor, x: Tensor, y: Tensor) -> None:
    """A `y` of shape (n, 1) would broadcast against predictions of shape (n,) to (n, n) without a word."""
    if w.ndim != 1 or y.ndim != 1 or x.shape != (len(y), len(w)):
        shapes = [tuple(tensor.shape) for tensor in (w, x, y)]
        raise ValueError(f"weights, x and y have the shapes {shapes}, not (d,), (n, d), (n,)")


### END SOLUTION


def fine_tune_linear(
    w0: Tensor, x: Tensor, y: Tensor, *, lr: float, steps: int, l2_sp: float = 0.0
) -> Tensor:
    """Go on training a linear model from given weights by full-batch gradient descent.

    Exactly `steps` times w becomes w - lr * gradient of J at w, starting at w0, with

        J(w) = 1/(2n) * ||x w - y||^2  +  l2_sp/2 * ||w - w0||^2.

    The penalty ("SP" for starting point, Li et al. 2018) pulls the weights towards w0, where ordinary weight
    decay would pull them towards 0 and away from what the source has learnt. w0 stays the same throughout.

    Args:
        w0: float (d,), the weights to start from.
        x: float (n, d), n >= 1.
        y: float (n,).
        lr: learning rate, above 0.
        steps: number of updates, at least 0.
        l2_sp: strength of the pull towards w0, at least 0.

    Returns:
        float (d,), the weights after the last update, in the dtype of w0. A tensor of its own, also for
        steps = 0, where it is a copy of w0.

    Raises:
        ValueError: steps < 0; lr <= 0; l2_sp < 0; w0, x and y are not of shapes (d,), (n, d) and (n,). A y of
            shape (n, 1) would broadcast, but is refused too.
    """
    ### BEGIN SOLUTION
    _check_data(w0, x, y)
    if steps < 0 or lr <= 0 or l2_sp < 0:
        raise ValueError(f"out of range: steps {steps}, lr {lr} or l2_sp {l2_sp}")
    w = w0.clone()
    for _ in range(steps):
        gradient = x.T @ (x @ w - y) / len(y) + l2_sp * (w - w0)
        w = w - lr * gradient  # not `-=`: w0 is needed in the next step
    return w
    ### END SOLUTION


def few_shot_gap(
    w_source: Tensor, x: Tensor, y: Tensor, x_test: Tensor, y_test: Tensor, *, lr: float, steps: int
) -> dict[str, float]:
    """Compare a start from the source's weights with a start from zeros, all else being equal.

    Both are trained by `fine_tune_linear` on (x, y) with the same lr and steps and without a pull, l2_sp = 0.
    What counts is the error on (x_test, y_test): the mean squared error, 1/m * ||x_test w - y_test||^2.

    Args:
        w_source: float (d,), weights learnt on the source.
        x: float (n, d), the few training inputs of the target, n >= 1.
        y: float (n,).
        x_test: float (m, d), m >= 1.
        y_test: float (m,).
        lr: learning rate, above 0.
        steps: number of updates, at least 0.

    Returns:
        {"scratch": test error after the start from zeros, "transfer": test error after the start from
        w_source, "gain": scratch - transfer}, all floats. A negative gain is negative transfer.

    Raises:
        ValueError: what `fine_tune_linear` refuses; x_test and y_test are not of shapes (m, d) and (m,).
    """
    ### BEGIN SOLUTION
    _check_data(w_source, x_test, y_test)
    error = {}
    for name, start in [("scratch", torch.zeros_like(w_source)), ("transfer", w_source)]:
        w = fine_tune_linear(start, x, y, lr=lr, steps=steps)
        error[name] = float(F.mse_loss(x_test @ w, y_test))
    return error | {"gain": error["scratch"] - error["transfer"]}
    ### END SOLUTION


def transfer_verdict(
    transfer: Sequence[float],
    scratch: Sequence[float],
    *,
    higher_is_better: bool = True,
    z: float = 2.0,
) -> dict:
    """Say whether transfer helped, from results of several seeds.

    Results are *paired*: transfer[i] and scratch[i] come from the same seed, so from the same data and split.
    What makes a seed easy or hard then cancels in the difference, while it would swamp two separate means.
    With d_i = transfer[i] - scratch[i] if higher is better, and d_i = scratch[i] - transfer[i] if not,

        gain = mean(d)        stderr = std(d) / sqrt(n), where std divides by n - 1.

    Args:
        transfer: n >= 2 results of the transferred model, one for each seed.
        scratch: n results of the model trained on the target alone, in the same order.
        higher_is_better: True for an accuracy, False for an error or a loss.
        z: how many standard errors the gain must be away from 0, at least 0.

    Returns:
        {"gain": float, positive if transfer is better; "stderr": float; "verdict": "positive" if gain > 0 and
        gain >= z * stderr, "negative" if gain < 0 and -gain >= z * stderr, else "inconclusive"}. A gain of
        exactly 0 is always inconclusive.

    Raises:
        ValueError: transfer and scratch differ in length; n < 2; z < 0.
    """
    ### BEGIN SOLUTION
    if z < 0:
        raise ValueError(f"z is {z}, must not be negative")
    sign = 1 if higher_is_better else -1
    # `strict` refuses different lengths, `stdev` fewer than two values, both with a ValueError.
    differences = [sign * (ours - theirs) for ours, theirs in zip(transfer, scratch, strict=True)]
    stderr = stdev(differences) / sqrt(len(differences))
    gain = fmean(differences)
    if gain > 0 and gain >= z * stderr:
        verdict = "positive"
    elif gain < 0 and -gain >= z * stderr:
        verdict = "negative"
    else:
        verdict = "inconclusive"
    return {"gain": gain, "stderr": stderr, "verdict": verdict}
    ### END SOLUTION
