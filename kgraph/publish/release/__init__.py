"""A release: the folder that is made, its site, its difference to the one before, and its check."""
