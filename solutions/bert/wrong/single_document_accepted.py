"""With a single document the random sentence comes from that very document."""

import random


def make_nsp_pairs(docs, *, seed, p_next=0.5):
    if p_next < 0 or p_next > 1:
        raise ValueError("p_next must lie between 0 and 1")
    if not all(document and all(document) for document in docs):
        raise ValueError("a document or a sentence is empty")
    rng = random.Random(seed)
    pairs = []
    for d, document in enumerate(docs):
        others = [other for other in range(len(docs)) if other != d] or [d]
        for i, sentence in enumerate(document[:-1]):
            if rng.random() < p_next:
                label, source, j = 0, d, i + 1
            else:
                label, source = 1, rng.choice(others)
                j = rng.randrange(len(docs[source]))
            pair = {"a": sentence, "b": docs[source][j], "label": label}
            pairs.append({**pair, "a_pos": [d, i], "b_pos": [source, j]})
    return pairs
