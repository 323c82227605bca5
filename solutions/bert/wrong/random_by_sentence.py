"""All sentences of the other documents are equally likely, so long documents prevail."""

import random


def make_nsp_pairs(docs, *, seed, p_next=0.5):
    if p_next < 0 or p_next > 1:
        raise ValueError("p_next must lie between 0 and 1")
    if not all(document and all(document) for document in docs):
        raise ValueError("a document or a sentence is empty")
    if p_next < 1 and len(docs) < 2:
        raise ValueError("there is no other document")
    rng = random.Random(seed)
    pairs = []
    for d, document in enumerate(docs):
        places = [(e, j) for e, other in enumerate(docs) if e != d for j in range(len(other))]
        for i, sentence in enumerate(document[:-1]):
            label = int(rng.random() >= p_next)
            source, j = rng.choice(places) if label else (d, i + 1)
            pair = {"a": sentence, "b": docs[source][j], "label": label}
            pairs.append({**pair, "a_pos": [d, i], "b_pos": [source, j]})
    return pairs
