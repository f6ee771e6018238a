"""A knowledge graph of the social economy: every fact with its source, every inference with its reason."""

__version__ = "0.1.0"
