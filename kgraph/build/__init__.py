"""The pipeline from source files to a graph that is checked."""
