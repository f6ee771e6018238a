"""The functions that `import kgraph` gives to Python, and what notebooks show."""
