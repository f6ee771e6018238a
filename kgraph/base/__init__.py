"""Prefixes, paths, text and words: what every room stands on."""
