"""encode looks for the longest token that the rest of the pre-token starts with."""


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        known = {token: i for i, token in enumerate(self._tokens[: 256 + len(self._merged_ids)])}
        ids, start = [], 0
        while start < len(pretoken):
            end = len(pretoken)
            while pretoken[start:end] not in known:
                end -= 1
            ids.append(known[pretoken[start:end]])
            start = end
        return ids
