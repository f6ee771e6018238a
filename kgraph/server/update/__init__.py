"""SPARQL updates: the process that writes, and the server's end of the line to it."""
