"""A release of the graph: the folder that is made, its site, what it says of the one before, and the check of all that.

Nothing is imported here, so that telling the difference of two files does not read a web server.
"""
