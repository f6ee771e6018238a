"""A release: writing the folder, its site, its difference to the previous one, and its check."""
