"""The graph over HTTP: the explorer, its data, SPARQL, and a page for each thing; `app.create_app` puts them together.

Nothing is imported here, so that the fork server stays small and single-threaded.
"""
