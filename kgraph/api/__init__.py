"""The researcher's desk: what `import kgraph` gives to Python and to notebooks; the verbs are in `verbs`."""
