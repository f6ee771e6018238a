"""Facts with what they rest on: sources, passages, states on a day, reasons, disputes."""
