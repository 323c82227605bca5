"""A step sees 80 pairs."""

BATCH = 80
