"""encode goes over a pre-token once and never merges what it has merged."""


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word, i = [], 0
        while i < len(pretoken):
            new_id = self._merged_ids.get(tuple(pretoken[i : i + 2]))
            word.append(pretoken[i] if new_id is None else new_id)
            i += 1 if new_id is None else 2
        return word
