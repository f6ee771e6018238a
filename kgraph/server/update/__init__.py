"""SPARQL updates: the process that writes, and the server's connection to it."""
