"""Counts and tables of a selection: facets, lists, columns, indicators by powiat and year."""
