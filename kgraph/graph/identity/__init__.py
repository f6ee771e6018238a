"""Which records are one thing: candidates, the comparison of their fields, what backs both sides."""
