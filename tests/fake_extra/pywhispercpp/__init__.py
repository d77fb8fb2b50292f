"""A transcriber without a model."""
