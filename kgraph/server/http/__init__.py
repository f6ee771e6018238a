"""HTTP without the graph: requests, refusals, metrics and the OpenAPI document."""
