"""The scores of a beam are averages over the tokens where sums are asked for."""

# ruff: noqa: F821 - the other names are those of the reference


class Translator:
    def _nbest(self, srcs, beam):
        _require(beam=beam)
        found = _beam_search(self._network, [self.tokenize(src) for src in srcs], beam)
        averaged = [[(ids, score / len(ids)) for ids, score in hypotheses] for hypotheses in found]
        return [sorted(hypotheses, key=lambda pair: -pair[1]) for hypotheses in averaged]
