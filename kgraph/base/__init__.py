"""Prefixes, paths, text and words: used by every room."""
