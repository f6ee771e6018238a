"""Source files: Turtle with evidence, read into claims, checked against the texts, and linked to each other."""
