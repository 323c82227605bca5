"""The state is taken at the padded end of the row, after the LSTM has read the padding."""


class HybridEmbedding:
    def _last_states(self, char_ids, lengths):
        states, _ = self.char_rnn(self.char_emb(char_ids))
        return states[:, -1]
