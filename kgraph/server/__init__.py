"""The graph on the web: the explorer, its data, SPARQL, and a page for each thing.

`app.create_app` is the site. Nothing is imported here, so that the process that forks the workers stays small and has
one thread.
"""
