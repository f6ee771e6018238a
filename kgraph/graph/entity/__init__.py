"""What is told of one thing: its card, its sentence and key facts, as text, JSON and tables."""
