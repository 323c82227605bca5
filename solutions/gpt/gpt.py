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
import torch.nn.functional as F
from torch import Tensor, nn

### BEGIN SOLUTION


class _CausalSelfAttention(nn.Module):
    """H attentions in parallel; queries, keys and values come from one fused projection."""

    def __init__(self, d_model: int, n_head: int) -> None:
        super().__init__()
        self.n_head = n_head
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        """(B, T, d) -> (B, T, d); `allowed` is bool (B, T, T), [b, i, j] True iff query i may use key j."""
        # (B, T, 3d) -> (B, T, 3, H, d_head): thirds first, then heads, as the rows of in_proj are ordered.
        heads = self.in_proj(x).unflatten(-1, (3, self.n_head, -1))
        q, k, v = heads.permute(2, 0, 3, 1, 4)  # (B, H, T, d_head) each
        scores = q @ k.mT / q.shape[-1] ** 0.5  # (B, H, T, T)
        weights = scores.masked_fill(~allowed.unsqueeze(1), -torch.inf).softmax(dim=-1)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(start_dim=2))


class _MLP(nn.Module):
    """Two linear maps with a GELU between them, applied to every position on its own."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_model, d_ff)
        self.proj = nn.Linear(d_ff, d_model)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(F.gelu(self.fc(x)))  # (B, T, d_ff) inside


class _Block(nn.Module):
    """Attention, then the MLP, each with a residual connection and a norm *after* the sum (post-norm)."""

    def __init__(self, d_model: int, n_head: int, d_ff: int) -> None:
        super().__init__()
        self.attn = _CausalSelfAttention(d_model, n_head)
        self.ln1 = nn.LayerNorm(d_model)
        self.mlp = _MLP(d_model, d_ff)
        self.ln2 = nn.LayerNorm(d_model)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        n = self.ln1(x + self.attn(x, allowed))
        return self.ln2(n + self.mlp(n))


### END SOLUTION


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
        ### BEGIN SOLUTION
        if d_model % n_head != 0:
            raise ValueError(f"d_model {d_model} is not a multiple of n_head {n_head}")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        for embedding in (self.wte, self.wpe):
            # As in the paper. wte is the output layer too: with torch's N(0, 1) the logits of a fresh model
            # have a standard deviation of sqrt(d), and its first predictions are confident and wrong.
            nn.init.normal_(embedding.weight, std=0.02)
        self.blocks = nn.ModuleList([_Block(d_model, n_head, d_ff) for _ in range(n_layer)])
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        if mask is None:
            mask = torch.ones_like(ids, dtype=torch.bool)
        self._check(ids, mask)
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)  # (B, T); the clamp is for padding on the left
        x = self.wte(ids) + self.wpe(positions)  # (B, T, d)
        allowed = _allowed_keys(mask)  # (B, T, T)
        for block in self.blocks:
            x = block(x, allowed)
        outputs = {"hidden": x, "lm_logits": x @ self.wte.weight.T}
        if self.clf is not None:
            # The last real token is the only one that has seen the whole row.
            outputs["clf_logits"] = self.clf(x[torch.arange(len(x)), last_real_index(mask)])
        return outputs
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _check(self, ids: Tensor, mask: Tensor) -> None:
        """The rows without a real token are left to `last_real_index`."""
        n_ctx, vocab_size = self.wpe.num_embeddings, self.wte.num_embeddings
        if ids.shape[1] > n_ctx:
            raise ValueError(f"{ids.shape[1]} tokens, but only {n_ctx} positions")
        if ((ids < 0) | (ids >= vocab_size)).any():
            raise ValueError(f"ids must lie between 0 and {vocab_size - 1}")
        if mask.shape != ids.shape:  # (1, T) would broadcast without a word
            raise ValueError(f"mask must have shape {tuple(ids.shape)}, not {tuple(mask.shape)}")

    ### END SOLUTION


### BEGIN SOLUTION
def _allowed_keys(mask: Tensor) -> Tensor:
    """Bool (B, T, T): which keys each query may use, for a padding mask (B, T)."""
    length = mask.shape[1]
    past = mask.new_ones(length, length).tril()  # itself and what comes before it
    # subtle: padding on the left leaves the first queries without any key. Their softmax would be 0 / 0 = NaN
    # and reach the real tokens in the next block, for even a weight of 0 times NaN is NaN. So padding sees
    # itself; nobody looks at what comes of it.
    return past & mask[:, None, :] | torch.diag_embed(~mask)


### END SOLUTION


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
    ### BEGIN SOLUTION
    if not mask.any(dim=1).all():
        raise ValueError("a row has no real token")
    # The running count of real tokens reaches its maximum at the last one; argmax takes the first of equals.
    return mask.cumsum(dim=1).argmax(dim=1)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    if mask is None:
        mask = torch.ones_like(ids, dtype=torch.bool)
    pair = mask[:, :-1] & mask[:, 1:]  # (B, T - 1)
    surprise = F.cross_entropy(lm_logits[:, :-1][pair], ids[:, 1:][pair], reduction="sum")
    return surprise / pair.sum().clamp(min=1)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    if lm_coef < 0:
        raise ValueError(f"lm_coef must not be negative, but is {lm_coef}")
    clf = F.cross_entropy(clf_logits, labels)
    lm = lm_loss(lm_logits, ids, mask)
    return {"clf": clf, "lm": lm, "total": clf + lm_coef * lm}
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    match kind, parts:
        case "classification", [text]:
            texts = [text]
        case "entailment", [premise, hypothesis]:
            texts = [[*premise, delim, *hypothesis]]
        case "similarity", [a, b]:
            texts = [[*a, delim, *b], [*b, delim, *a]]
        case "choice", [context, *answers] if len(answers) >= 2:
            texts = [[*context, delim, *answer] for answer in answers]
        case _:
            raise ValueError(f"{kind!r} is unknown or does not take {len(parts)} parts")
    if any({start, delim, extract}.intersection(part) for part in parts):
        raise ValueError("a part contains a special token")
    sequences = [[start, *text, extract] for text in texts]
    if max(map(len, sequences)) > n_ctx:
        raise ValueError(f"a sequence is longer than {n_ctx} tokens")
    return sequences
    ### END SOLUTION
