"""A merge replaces only the first occurrence in a word; encode makes every merge once."""


def merge_word(word, pair, new_id):
    for i in range(len(word) - 1):
        if word[i : i + 2] == pair:
            return (*word[:i], new_id, *word[i + 2 :])
    return word


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word = tuple(pretoken)
        for pair, new_id in self._merged_ids.items():
            word = merge_word(word, pair, new_id)
        return word
