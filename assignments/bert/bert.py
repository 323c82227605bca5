"""What is BERT? A Transformer encoder that reads both sides at once, used in two ways (study note 14).

Take a text or a pair of texts, add the special tokens, run a stack of encoder layers *without* a causal mask:

    [CLS] a [SEP] b [SEP] ─> norm(word + position + segment) ─> layer 0 ─> ... ─> layer n-1 ─> last_hidden
                                                                                                   │
                         nsp_logits <─ nsp <─ pooled <─ tanh <─ pooler <─ last_hidden[:, 0] <──────┘

Pre-training asks two questions: which word is hidden here (study note 8), and does b really follow a? The
data for the second are made here. Afterwards one either trains the whole stack further on a task
(fine-tuning) or takes the hidden states as fixed vectors (features).

Shapes: B batch, T tokens, V vocabulary, d = d_model, H heads, d_head = d / H, L = n_layer. Ids are
`torch.int64`. In masks True or 1 = real token, False or 0 = padding. No function changes its arguments.

Devlin, Chang, Lee and Toutanova 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding" (arXiv:1810.04805), section 3, section 5.3 and appendix A. We keep its learned positions and
its post-norm layers, take GELU in its exact form, and leave out dropout and the masked-word head.
"""

from __future__ import annotations

from torch import Tensor, nn


def truncate_pair(a: list[int], b: list[int], max_tokens: int) -> tuple[list[int], list[int]]:
    """Shorten two texts from their ends until they fit together.

    As long as there are more than max_tokens ids in all, the last id of the *longer* list goes; when both are
    equally long, that of b. A short text is thus kept whole next to a long one, for each of its ids tells
    more.

    Args:
        a: ids of the first text, may be empty.
        b: ids of the second text, may be empty.
        max_tokens: how many ids may remain in all, at least 0.

    Returns:
        (a, b), shortened, as new lists. What fits already comes back as it was.

    Raises:
        ValueError: max_tokens < 0.

    This is the rule of the code released with Devlin et al. 2019 for its classification tasks.
    """
    raise NotImplementedError


def build_inputs(
    a: list[int],
    b: list[int] | None = None,
    *,
    cls_id: int,
    sep_id: int,
    pad_id: int,
    max_len: int = 512,
    pad_to_max: bool = False,
) -> dict[str, list[int]]:
    """Make one input of BERT out of one text or two; Devlin et al. 2019, figure 2.

        one text   (b is None)   [CLS] a [SEP]              token types 0 ... 0
        two texts                [CLS] a [SEP] b [SEP]      token types 0 ... 0 up to and including the first
                                                            [SEP], then 1 ... 1

    max_len counts *all* ids, the special ones too. Texts that are too long are cut before the special ids are
    added: one text to its first max_len - 2 ids, a pair by `truncate_pair` to max_len - 3 ids.

    Args:
        a: ids of the first text, may be empty.
        b: ids of the second text, or None. An empty list is an empty second text, not a missing one: it gives
            [CLS] a [SEP] [SEP].
        cls_id: id of [CLS].
        sep_id: id of [SEP].
        pad_id: id of [PAD].
        max_len: the greatest number of ids in the result.
        pad_to_max: whether to fill up to max_len ids on the right.

    Returns:
        A dict of three lists of equal length: "input_ids", "token_type_ids" and "attention_mask", which is 1
        at real ids, [CLS] and [SEP] included, and 0 at padding. Padding has the id pad_id and the type 0.

    Raises:
        ValueError: max_len is too small for the special ids alone, that is < 2 for one text, < 3 for two; a
            or b contains cls_id, sep_id or pad_id, also where it would be cut off. (Special ids that are
            added twice are a mistake made often, and no error message ever tells.)
    """
    raise NotImplementedError


def collate(examples: list[dict[str, list[int]]], pad_id: int) -> dict[str, Tensor]:
    """Put examples of different lengths into one batch, padded on the right to the longest of them.

    Args:
        examples: what `build_inputs` returns, with or without padding of its own. Other keys than its three
            do not occur.
        pad_id: id of [PAD].

    Returns:
        A dict of three tensors (B, T), T the length of the longest example: "input_ids" int64, filled up with
        pad_id; "token_type_ids" int64, filled up with 0; "attention_mask" bool, filled up with False. Padding
        that an example brings along stays False.

    Raises:
        ValueError: there are no examples; the three lists of an example differ in length.
    """
    raise NotImplementedError


def make_nsp_pairs(docs: list[list[list[int]]], *, seed: int, p_next: float = 0.5) -> list[dict]:
    """Make the examples of next-sentence prediction; Devlin et al. 2019, section 3.1, task 2.

    For every document d in order, and in it every sentence i that has a successor, i = 0, ..., len - 2, there
    is exactly one example. Its a is docs[d][i]. With probability p_next its b is docs[d][i + 1] and its label
    0; otherwise b is a random sentence and the label is 1.

    The random sentence is drawn in two steps: a document other than d, uniformly, then one of its sentences,
    uniformly. Documents of a single sentence take part in this, although they give no example of their own.
    Drawn from the same document, it could be the true successor under the label 1.

    Labels say where b comes from, not what it looks like: a random sentence that happens to have the same ids
    as the true successor is still labelled 1.

    Args:
        docs: documents, each a list of sentences, each a list of ids.
        seed: decides all random choices. The same arguments give the same list; another seed gives others.
        p_next: probability of a true successor, from 0 to 1, both included.

    Returns:
        A list of dicts with the keys "a" and "b" (lists of ids), "label" (0 = b follows a, 1 = random, as in
        the released code; many expect the opposite), "a_pos" = [d, i] and "b_pos" = [d', j], the places in
        docs that a and b come from. It may be empty.

    Raises:
        ValueError: p_next < 0 or > 1; a document or a sentence is empty; p_next < 1 with fewer than two
            documents, for then no other document exists. (The released code takes the same document in this
            case, and labels some true successors as random.)
    """
    raise NotImplementedError


class BertModel(nn.Module):
    """The encoder with its pooler and the head of next-sentence prediction.

    With t = 0, ..., T - 1 the column of a token, whatever the mask:

        x = norm(word[id] + position[t] + segment[type])        hidden_states[0]
        n = norm1(x + attn(x));  x = norm2(n + ff(n))           in each layer; hidden_states[1], ..., [L]
        attn: H heads of softmax(q k^T / sqrt(d_head)) v, concatenated, then out_proj
        ff(n) = ff2(gelu(ff1(n)))                               the exact GELU, z * Phi(z), not tanh
        pooled = tanh(pooler(x[:, 0]));  nsp_logits = nsp(pooled)

    Every query may use every key at which a real token stands, before and after it. Padding is hidden as a
    key; there is no causal mask.

    State dict, with exactly these entries and no other (tests load weights by name):

        embeddings.word.weight (V, d)
        embeddings.position.weight (max_len, d)
        embeddings.segment.weight (n_segments, d)
        embeddings.norm.weight (d,), .bias (d,)              LayerNorm, eps 1e-12, as all norms here
        layers.{i}.attn.in_proj.weight (3d, d), .bias (3d,)  rows: all of Q, then all of K, then all of V
        layers.{i}.attn.out_proj.weight (d, d), .bias (d,)
        layers.{i}.norm1.weight (d,), .bias (d,)
        layers.{i}.ff1.weight (d_ff, d), .bias (d_ff,)
        layers.{i}.ff2.weight (d, d_ff), .bias (d,)
        layers.{i}.norm2.weight (d,), .bias (d,)
        pooler.weight (d, d), .bias (d,)
        nsp.weight (2, d), .bias (2,)

    Within each third of in_proj's rows, head h owns the h-th contiguous slice of width d_head. There is no
    dropout. The initialisation is yours; torch's own will do. The module is made in float32 and also works
    after `.double()`.

    Devlin et al. 2019, section 3 and appendix A.2; the layers are those of Vaswani et al. 2017
    (arXiv:1706.03762), the GELU that of Hendrycks and Gimpel 2016 (arXiv:1606.08415).
    """

    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        n_layer: int,
        n_head: int,
        d_ff: int,
        max_len: int = 512,
        n_segments: int = 2,
    ) -> None:
        """Make all layers.

        Args:
            vocab_size: number V of token ids.
            d_model: width d.
            n_layer: number L of layers, at least 1.
            n_head: number of attention heads H.
            d_ff: inner width of the feed-forward network.
            max_len: the greatest length T: positions are a learned table, and it ends here.
            n_segments: number of token types.

        Raises:
            ValueError: d_model is not a multiple of n_head.
        """
        super().__init__()
        raise NotImplementedError

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor | None = None, attention_mask: Tensor | None = None
    ) -> dict[str, Tensor]:
        """Run the stack over a batch of padded inputs.

        Args:
            input_ids: int64 (B, T) with T <= max_len. Padding may hold any ids from 0 to V - 1; which ones
                changes nothing at the real tokens.
            token_type_ids: int64 (B, T), from 0 to n_segments - 1; None when all are 0.
            attention_mask: (B, T), bool or integers 0 and 1: True or 1 = real token; None when all are real.
                Any pattern with at least one real token in each row. It decides which keys are seen, and
                nothing else.

        Returns:
            A dict of float tensors of the parameters' dtype:

            * "hidden_states" (L + 1, B, T, d): the normed embeddings, then the output of every layer.
            * "last_hidden" (B, T, d): the last of these.
            * "pooled" (B, d): tanh(pooler(last_hidden[:, 0])).
            * "nsp_logits" (B, 2): nsp(pooled); column 0 for "b follows a", column 1 for "b is random".

            A row gives the same values at its real tokens, and the same pooled, whether it is padded on the
            right or not. Values at padding are unspecified but finite. All outputs depend differentiably on
            the parameters.

        Raises:
            ValueError: T > max_len, padding included; an id below 0 or >= V, or a token type below 0 or >=
                n_segments, both also at padding; token_type_ids or attention_mask is not of the shape of
                input_ids; a row has no real token.
        """
        raise NotImplementedError


def predict_is_next(nsp_logits: Tensor) -> Tensor:
    """Whether the model takes b for the true successor of a.

    Args:
        nsp_logits: float (B, 2); column 0 is the score of label 0, "b follows a".

    Returns:
        bool (B,): True iff the first logit of the row is at least the second. A tie is True.
    """
    raise NotImplementedError


def token_features(hidden_states: Tensor, strategy: str) -> Tensor:
    """Fixed vectors for another model to use, the feature-based way: Devlin et al. 2019, section 5.3.

        strategy             result                                                     last dimension
        "embeddings"         hidden_states[0]                                           d
        "last"               hidden_states[L]                                           d
        "second_to_last"     hidden_states[L - 1]                                       d
        "sum_last4"          the sum of hidden_states[L - 3], ..., [L]                  d
        "concat_last4"       hidden_states[L - 3], ..., [L] side by side, in this order 4d
        "sum_all"            the sum of hidden_states[1], ..., [L]: the layers, without the embeddings
                                                                                        d

    Args:
        hidden_states: float (L + 1, B, T, d), as returned by `BertModel`; they may require gradients.
        strategy: one of the six above.

    Returns:
        float (B, T, d), or (B, T, 4d) for "concat_last4". It is detached: no gradient flows back into BERT.

    Raises:
        ValueError: the strategy is unknown; L < 4 for one of the last4 strategies; L < 1 for any.
    """
    raise NotImplementedError
