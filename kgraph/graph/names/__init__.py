"""Names of things and terms, and the search for them."""
