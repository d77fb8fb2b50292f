"""Prepare for a deep-learning interview in a terminal."""

__version__ = "0.1.0"
