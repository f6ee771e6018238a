"""Descriptions of a release for portals, harvesters, crawlers and citations."""
