"""RDF and SPARQL: the store, the engine, other endpoints, inference."""
