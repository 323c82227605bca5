"""What is GPT? A causal Transformer language model that becomes the task model itself (study note 13).

Pre-training teaches a stack of causal Transformer blocks to predict the next token. Fine-tuning keeps the
whole stack and adds one linear layer, which reads the top block's state at the last token:

    ids ─> wte + wpe ─> block 0 ─> ... ─> block n-1 ─> hidden ─┬─> hidden @ wte.weight^T       lm_logits
                                                               └─> clf, at the last real token  clf_logits

Everything is trained further, on the task's loss plus a share of the language model's. What differs from task
to task is not the model but how the inputs are strung together into one sequence.

Shapes: B batch, T tokens, V vocabulary, d = d_model, H heads, d_head = d / H. Ids and labels are
`torch.int64`. Masks are `torch.bool`; True = real token, False = padding. No function changes its arguments.

Radford, Narasimhan, Salimans and Sutskever 2018, "Improving Language Understanding by Generative
Pre-Training", section 3. We keep the learned positions, the post-norm blocks and the tied embedding of the
paper; we drop its dropout, take the exact GELU instead of the tanh approximation, and give the task layer a
bias.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class _Attention(nn.Module):
    """Multi-head self-attention; `allowed` (B, 1, T, T) says which query may use which key."""

    def __init__(self, d_model: int, n_head: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(-1, (self.n_head, -1)).transpose(1, 2)  # (B, H, T, d_head)
            for part in self.in_proj(x).chunk(3, dim=-1)
        )
        heads = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        return self.out_proj(heads.transpose(1, 2).flatten(2))


class _MLP(nn.Module):
    """Two linear layers with the exact GELU between them."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_model, d_ff)
        self.proj = nn.Linear(d_ff, d_model)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(F.gelu(self.fc(x)))


class _Block(nn.Module):
    """One post-norm Transformer block."""

    def __init__(self, d_model: int, n_head: int, d_ff: int) -> None:
        super().__init__()
        self.attn = _Attention(d_model, n_head)
        self.ln1 = nn.LayerNorm(d_model, eps=1e-5)
        self.mlp = _MLP(d_model, d_ff)
        self.ln2 = nn.LayerNorm(d_model, eps=1e-5)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        n = self.ln1(x + self.attn(x, allowed))
        return self.ln2(n + self.mlp(n))


class GPT(nn.Module):
    """A causal language model with tied embeddings and, if asked for, a linear layer for a task.

    With pos(t) the number of real tokens before position t, and block i = 0, ..., n_layer - 1:

        x = wte[id] + wpe[pos]
        n = ln1(x + attn(x));  x = ln2(n + mlp(n))      in each block (post-norm); no extra norm at the end
        attn: H heads of softmax(q k^T / sqrt(d_head)) v, concatenated, then out_proj
        mlp(n) = proj(gelu(fc(n)))                      the exact GELU, z * Phi(z), not its tanh approximation
        hidden = x;  lm_logits = hidden @ wte.weight^T;  clf_logits = clf(hidden at the last real token)

    Query i may use key j iff j <= i and position j holds a real token: a token sees itself and the real
    tokens before it.

    State dict, with exactly these entries and no other (tests load weights by name):

        wte.weight (V, d)                                    token embedding and, without a bias, LM output
        wpe.weight (n_ctx, d)                                position embedding
        blocks.{i}.attn.in_proj.weight (3d, d), .bias (3d,)  rows: all of Q, then all of K, then all of V
        blocks.{i}.attn.out_proj.weight (d, d), .bias (d,)
        blocks.{i}.ln1.weight (d,), .bias (d,)               LayerNorm, eps 1e-5
        blocks.{i}.mlp.fc.weight (d_ff, d), .bias (d_ff,)
        blocks.{i}.mlp.proj.weight (d, d_ff), .bias (d,)
        blocks.{i}.ln2.weight (d,), .bias (d,)               LayerNorm, eps 1e-5
        clf.weight (n_classes, d), .bias (n_classes,)        only if n_classes is given

    Within each third of in_proj's rows, head h owns the h-th contiguous slice of width d_head. There is no
    dropout. The initialisation is yours, and torch's own will do, but a fresh model must be able to learn.
    The module is made in float32 and also works after `.double()`.

    Radford et al. 2018, sections 3.1 and 4.1; tied embeddings: Press and Wolf 2017 (arXiv:1608.05859).
    """

    def __init__(
        self,
        vocab_size: int,
        n_ctx: int,
        d_model: int,
        n_layer: int,
        n_head: int,
        d_ff: int,
        n_classes: int | None = None,
    ) -> None:
        """Make all layers.

        Args:
            vocab_size: number V of token ids.
            n_ctx: the greatest length T, and the number of learned positions.
            d_model: width d.
            n_layer: number of blocks.
            n_head: number of attention heads H.
            d_ff: inner width of the MLP.
            n_classes: number of classes of the task; None makes a language model without the task layer.

        Raises:
            ValueError: d_model is not a multiple of n_head.
        """
        super().__init__()
        if d_model % n_head != 0:
            raise ValueError(f"d_model = {d_model} is not a multiple of n_head = {n_head}")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList(_Block(d_model, n_head, d_ff) for _ in range(n_layer))
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Run the stack over a batch of padded sequences.

        Args:
            ids: int64 (B, T) with T <= n_ctx. Padding may hold any ids from 0 to V - 1; which ones changes
                nothing at the real tokens.
            mask: bool (B, T), True = real token; None when all are real. Rows are padded on the right *or on
                the left*, and rows of both kinds may stand in one batch.

        Returns:
            A dict of float tensors of the parameters' dtype:

            * "hidden" (B, T, d): the output of the top block.
            * "lm_logits" (B, T, V): hidden @ wte.weight^T. Position t scores the token at t + 1.
            * "clf_logits" (B, n_classes): clf(hidden[b, last real token of row b]). Only if there is a task
              layer; otherwise the key is missing.

            A row gives the same values at its real tokens whether it is padded or not. Values at padding are
            unspecified but finite, and so are all gradients: with padding on the left a query may have no
            allowed key at all, and a softmax over nothing must not become NaN.

        Raises:
            ValueError: T > n_ctx, padding included; an id below 0 or >= V, also at padding; mask is not of
                shape (B, T); a row has no real token while there is a task layer (without one such a row is
                allowed).
        """
        self._check(ids, mask)
        if mask is None:
            mask = torch.ones_like(ids, dtype=torch.bool)
        # The number of real tokens before each position; at most T - 1, also at padding.
        position = mask.cumsum(dim=1) - mask.long()
        # Causal, and only real keys. Each position may use itself too: real ones may anyway, and padding,
        # which no real token sees, thus never has a softmax over nothing.
        n_tokens = ids.shape[1]
        causal = torch.ones(n_tokens, n_tokens, dtype=torch.bool, device=ids.device).tril()
        itself = torch.eye(n_tokens, dtype=torch.bool, device=ids.device)
        allowed = ((causal & mask[:, None, :]) | itself)[:, None]

        x = self.wte(ids) + self.wpe(position)
        for block in self.blocks:
            x = block(x, allowed)
        outputs = {"hidden": x, "lm_logits": F.linear(x, self.wte.weight)}
        if self.clf is not None:
            row = torch.arange(len(ids), device=ids.device)
            outputs["clf_logits"] = self.clf(x[row, last_real_index(mask)])
        return outputs

    def _check(self, ids: Tensor, mask: Tensor | None) -> None:
        """ValueError for ids and masks that `forward` refuses."""
        if ids.shape[1] > self.wpe.num_embeddings:
            raise ValueError(f"{ids.shape[1]} tokens are more than n_ctx = {self.wpe.num_embeddings}")
        if ((ids < 0) | (ids >= self.wte.num_embeddings)).any():
            raise ValueError(f"ids must be from 0 to {self.wte.num_embeddings - 1}")
        if mask is None:
            return
        if mask.shape != ids.shape:
            raise ValueError(f"mask is {tuple(mask.shape)}, ids are {tuple(ids.shape)}")
        if self.clf is not None and not mask.any(dim=1).all():
            raise ValueError("a row has no real token")


def last_real_index(mask: Tensor) -> Tensor:
    """Where the last real token of each row stands.

    Args:
        mask: bool (B, T), True = real token; any pattern, padding on either side included.

    Returns:
        int64 (B,): the largest index t with mask[b, t] True.

    Raises:
        ValueError: a row has no True.

    Count nothing and compare no ids: the number of real tokens minus one is the place only without padding on
    the left, and the id used for padding may well be that of a real token too.
    """
    if not mask.any(dim=1).all():
        raise ValueError("a row has no real token")
    index = torch.arange(mask.shape[1], device=mask.device)
    return torch.where(mask, index, -1).amax(dim=1)


def lm_loss(lm_logits: Tensor, ids: Tensor, mask: Tensor | None = None) -> Tensor:
    """How badly each token is predicted from those before it; Radford et al. 2018, equation 1, as a mean.

        mean over all (b, t) with mask[b, t] and mask[b, t + 1] both True
            of -log softmax(lm_logits[b, t])[ids[b, t + 1]]

    Position t predicts the token at t + 1. The mean is over the pairs of the whole batch; it is not a mean of
    the rows' means, so long rows weigh more. Logarithms are natural.

    Args:
        lm_logits: float (B, T, V).
        ids: int64 (B, T), from 0 to V - 1.
        mask: bool (B, T), True = real token; any pattern. None when all are real.

    Returns:
        A float tensor of no dimension. Without any pair of neighbouring real tokens (T = 1, or rows of one
        token) it is 0.0, not NaN.
    """
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pairs = mask[:, :-1] & mask[:, 1:]
    logits, targets = lm_logits[:, :-1][pairs], ids[:, 1:][pairs]
    # The sum over no pairs is 0; the maximum keeps it from being divided by 0.
    return F.cross_entropy(logits, targets, reduction="sum") / max(len(targets), 1)


def finetune_loss(
    clf_logits: Tensor,
    labels: Tensor,
    lm_logits: Tensor,
    ids: Tensor,
    mask: Tensor | None = None,
    lm_coef: float = 0.5,
) -> dict[str, Tensor]:
    """The loss of fine-tuning: the task's, plus lm_coef times the language model's on the same inputs.

    Radford et al. 2018, equation 5: L3 = L2 + lambda L1, with lambda = 0.5. (There all three are
    log-likelihoods to be maximised; here they are their negative means, to be minimised.)

    Args:
        clf_logits: float (B, n_classes).
        labels: int64 (B,), from 0 to n_classes - 1.
        lm_logits: float (B, T, V).
        ids: int64 (B, T).
        mask: bool (B, T) or None, as in `lm_loss`.
        lm_coef: lambda, at least 0; 0 trains on the task alone.

    Returns:
        {"clf": mean over the batch of -log softmax(clf_logits[b])[labels[b]], "lm": `lm_loss`,
        "total": clf + lm_coef * lm}, each a float tensor of no dimension.

    Raises:
        ValueError: lm_coef < 0.
    """
    if not lm_coef >= 0:
        raise ValueError(f"lm_coef must not be negative, got {lm_coef}")
    clf = F.cross_entropy(clf_logits, labels)
    lm = lm_loss(lm_logits, ids, mask)
    return {"clf": clf, "lm": lm, "total": clf + lm_coef * lm}


def task_inputs(
    kind: str, parts: list[list[int]], *, start: int, delim: int, extract: int, n_ctx: int
) -> list[list[int]]:
    """String the texts of one example together, so that the same model can read any task.

    With s = start, $ = delim, e = extract (Radford et al. 2018, section 3.3 and figure 1):

        kind               parts                             result
        "classification"   [text]                            [s + text + e]
        "entailment"       [premise, hypothesis]             [s + premise + $ + hypothesis + e]
        "similarity"       [a, b]                            [s + a + $ + b + e, s + b + $ + a + e]
        "choice"           [context, answer_1, ..., answer_k], k >= 2
                                                             [s + context + $ + answer_i + e for each i]

    The extract token comes last because the task layer reads the state of the last token. Similarity has no
    natural order, so the model reads both.

    Args:
        kind: one of the four above.
        parts: the texts as lists of token ids, in the order above. A text may be empty.
        start: id of the start token.
        delim: id of the delimiter.
        extract: id of the extract token.
        n_ctx: the greatest length of a sequence that the model can read.

    Returns:
        A list of sequences, each a new list of int.

    Raises:
        ValueError: kind is unknown; the number of parts does not fit the kind; a part contains start, delim
            or extract; a sequence would be longer than n_ctx. Nothing is ever cut off: the extract token has
            to survive.
    """
    n_parts = {
        "classification": len(parts) == 1,
        "entailment": len(parts) == 2,
        "similarity": len(parts) == 2,
        "choice": len(parts) >= 3,
    }
    if kind not in n_parts:
        raise ValueError(f"unknown kind {kind!r}")
    if not n_parts[kind]:
        raise ValueError(f"{len(parts)} parts do not fit {kind!r}")
    if any(special in part for part in parts for special in (start, delim, extract)):
        raise ValueError("a part contains a special token")

    if kind == "similarity":
        bodies = [parts, parts[::-1]]
    elif kind == "choice":
        bodies = [[parts[0], answer] for answer in parts[1:]]
    else:
        bodies = [parts]
    sequences = []
    for first, *rest in bodies:
        sequence = [start, *first]
        for text in rest:
            sequence += [delim, *text]
        sequences.append([*sequence, extract])
    if any(len(sequence) > n_ctx for sequence in sequences):
        raise ValueError(f"a sequence is longer than n_ctx = {n_ctx}")
    return sequences
