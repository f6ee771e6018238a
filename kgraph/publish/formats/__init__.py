"""The graph and its measures as files that other tools read."""
