"""What the graph says: facts and cards, names, reasons, disputes, questions, networks."""
