"""HTTP without the graph: media types, errors, hosts, timeouts, metrics."""
