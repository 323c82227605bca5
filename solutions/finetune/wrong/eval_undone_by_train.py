"""The backbone is put in evaluation mode once, when it is frozen; the next train() undoes it."""

del FineTuneNet.train  # noqa: F821  of the reference
