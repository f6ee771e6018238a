"""One benchmark job of one tool in a separate process: `python bench/jobs.py TOOL WORK FILE...`.

It runs in the virtual environment of the tool, so only the jobs of kgraph import kgraph. Stdout is JSON: wall and CPU
seconds of each part, peak memory in megabytes, and a result to compare.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFIXES = """
PREFIX se: <https://w3id.org/sekg/ns#> PREFIX id: <https://w3id.org/sekg/id/> PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
"""

QUERIES = {
    "founders": "SELECT ?who ?cluster { ?a se:establishes ?cluster ; se:hasSignatory ?who }",
    "forms": "SELECT ?form (COUNT(?o) AS ?n) { ?o org:classification ?form } GROUP BY ?form",
    "in-voivodeship": "SELECT ?o { ?o se:seatIn ?p . ?p se:within+ id:pl-14 }",
    "co-signers": "SELECT DISTINCT ?other { ?a se:hasSignatory id:o42 , ?other }",
    "office-holders": "SELECT ?person ?o ?role { ?post org:heldBy ?person ; org:postIn ?o ; org:role ?role }",
    "by-day": "SELECT ?day (COUNT(?e) AS ?n) { ?e se:date ?day } GROUP BY ?day ORDER BY ?day",
    "operated": "SELECT ?o ?by ?p { ?o se:operatedBy ?by ; se:seatIn ?p . ?by se:activeIn ?q }",
    "neighbourhood": "SELECT ?p ?x { { id:o42 ?p ?x } UNION { ?x ?p id:o42 } }",
    "by-word": 'SELECT ?o { ?o a se:SocialEconomyEntity ; skos:prefLabel ?n FILTER(CONTAINS(STR(?n), "Nadzieja 1")) }',
    "large": "SELECT ?a (COUNT(?o) AS ?n) { ?a se:hasSignatory ?o } GROUP BY ?a HAVING (COUNT(?o) > 8)",
    "without-post": "SELECT ?o { ?o a se:SupportInstitution FILTER NOT EXISTS { ?post org:postIn ?o } }",
    "busiest": "SELECT ?o (COUNT(?a) AS ?n) { ?a se:hasSignatory ?o } GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 20",
}

Answer = Any
measured: dict[str, tuple[float, float]] = {}


@contextmanager
def part(name: str) -> Iterator[None]:
    """Record the wall and CPU seconds of one part of the job."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    measured[name] = (time.perf_counter() - wall, time.process_time() - cpu)


# Loading and querying: per tool, a function that loads a file and a function that counts the rows of a query


def kgraph_load(path: str) -> Any:
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES, lenient=True)  # as `kgraph build` loads parsed triples
    return store


def kgraph_ask(store: Any, text: str) -> int:
    from kgraph.rdf import sparql

    return len(list(sparql.rows(sparql.run(store, text))))


def rdflib_load(path: str) -> Any:
    import rdflib

    return rdflib.Graph().parse(path, format="nt")


def rdflib_ask(graph: Any, text: str) -> int:
    return len(list(graph.query(PREFIXES + text)))


def kglab_load(path: str) -> Any:
    import kglab

    graph = kglab.KnowledgeGraph()
    graph.load_rdf(path, format="nt")
    return graph


def kglab_ask(graph: Any, text: str) -> int:
    return len(list(graph.query(PREFIXES + text)))


def oxrdflib_load(path: str) -> Any:
    import rdflib

    return rdflib.Graph(store="Oxigraph").parse(path, format="ox-nt")


def maplib_load(path: str) -> Any:
    from maplib import Model

    model = Model()
    model.read(path, format="ntriples")
    return model


def maplib_ask(model: Any, text: str) -> int:
    return len(model.query(PREFIXES + text))


TOOLS: dict[str, tuple[Callable[[str], Any], Callable[[Any, str], int]]] = {
    "kgraph": (kgraph_load, kgraph_ask),
    "rdflib": (rdflib_load, rdflib_ask),
    "kglab": (kglab_load, kglab_ask),
    "oxrdflib": (oxrdflib_load, rdflib_ask),
    "maplib": (maplib_load, maplib_ask),
}


def load(tool: str, path: str) -> Answer:
    with part("load"):
        graph = TOOLS[tool][0](path)
    return TOOLS[tool][1](graph, "SELECT ?s ?p ?o { ?s ?p ?o . ?s se:seatIn ?o }")


def queries(tool: str, path: str) -> Answer:
    load_file, ask = TOOLS[tool]
    graph = load_file(path)
    ask(graph, "SELECT ?s { ?s se:within id:pl }")  # warm-up: the first query is not measured
    rows = {}
    for name, text in QUERIES.items():
        try:
            with part(name):
                rows[name] = ask(graph, text)
        except Exception as error:  # the error becomes the answer; the next query follows
            rows[name] = f"{type(error).__name__}"
    return rows


# The closure


def closure(tool: str, path: str, ontology: str) -> Answer:
    return {
        "kgraph": own_closure,
        "owlrl": owlrl_closure,
        "oxigraph": construct_closure,
        "reasonable": reasonable_closure,
    }[tool](path, ontology)


def axioms(ontology: str) -> Any:
    import pyoxigraph as ox

    from kgraph.base.vocab import ONTOLOGY_GRAPH
    from kgraph.rdf import inference

    store = ox.Store()
    store.bulk_extend(
        ox.Quad(q.subject, q.predicate, q.object, ONTOLOGY_GRAPH)
        for q in ox.parse(path=ontology, format=ox.RdfFormat.TURTLE)
    )
    return inference.compile_rules(store)


def own_closure(path: str, ontology: str) -> Answer:
    from kgraph.rdf import encoding, inference

    rules = axioms(ontology)
    facts = encoding.Facts()
    wanted = {str(p).encode() for rule in rules for p in (rule.head, *rule.body)}
    with part("all"):
        with part("encode"), open(path, "rb") as file:
            fresh = encoding.read(facts, file, wanted)
        with part("close"):
            derived = inference.chain_forward(facts, rules, fresh)
        terms = facts.terms()
        with part("write"), open(f"{path}.inferred", "wb") as file:
            for _, head, found in derived:
                file.writelines(b"%b %b %b .\n" % fact for fact in encoding.written(head, found, terms))
    return sum(found.size for _, _, found in derived)


def raw_parse(tool: str, path: str) -> Answer:
    import pyoxigraph as ox

    with part("parse"):
        return sum(1 for _ in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))


def ours(graph: Any, ontology: str) -> int:
    """The number of triples of a closure whose property, or class after `rdf:type`, the ontology declares."""
    import rdflib

    declared = set(rdflib.Graph().parse(ontology, format="turtle").subjects())
    terms = {str(term) for term in declared}
    kind = str(rdflib.RDF.type)
    found = (t for t in graph if isinstance(t[0], rdflib.URIRef) and str(t[0]) not in terms)
    return sum(1 for s, p, o in found if (str(o) if str(p) == kind else str(p)) in terms)


def owlrl_closure(path: str, ontology: str) -> Answer:
    import owlrl
    import rdflib

    graph = rdflib.Graph().parse(path, format="nt").parse(ontology, format="turtle")
    before = ours(graph, ontology)
    with part("all"):
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(graph)
    return ours(graph, ontology) - before


def reasonable_closure(path: str, ontology: str) -> Answer:
    import rdflib
    import reasonable

    graph = rdflib.Graph().parse(path, format="nt").parse(ontology, format="turtle")
    before = ours(graph, ontology)
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    with part("all"):
        found = reasoner.reason()
    return ours(found, ontology) - before


def construct_closure(path: str, ontology: str) -> Answer:
    """The number of triples that CONSTRUCT queries add to an Oxigraph store, repeated up to the fixpoint."""
    import pyoxigraph as ox

    from kgraph.rdf import inference

    rules = [construct(rule, inference) for rule in axioms(ontology)]
    store = ox.Store()
    store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES)
    before, known = len(store), -1
    with part("all"):
        while known != len(store):
            known = len(store)
            for text in rules:
                found = store.query(text)
                store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in found])  # type: ignore[union-attr]
    return len(store) - before


def construct(rule: Any, inference: Any) -> str:
    first, last, head = rule.body[0], rule.body[-1], rule.head
    is_class = not any(c.islower() for c in head.value.rpartition("#")[2].rpartition("/")[2][:1])
    shapes = {
        inference.same: (f"?s a {head}", f"?s a {first}") if is_class else (f"?s {head} ?o", f"?s {first} ?o"),
        inference.swap: (f"?o {head} ?s", f"?s {first} ?o FILTER(ISIRI(?o))"),
        inference.subjects: (f"?s a {head}", f"?s {first} ?o"),
        inference.objects: (f"?o a {head}", f"?s {first} ?o FILTER(ISIRI(?o))"),
        inference.join: (f"?s {head} ?o", f"?s {first} ?m . ?m {last} ?o"),
    }
    made, given = shapes[rule.apply]
    return f"CONSTRUCT {{ {made} }} WHERE {{ {given} FILTER NOT EXISTS {{ {made} }} }}"


# Validation, export, measures


def validation(tool: str, path: str, ontology: str, kinds: str, shapes: str) -> Answer:
    if tool == "kgraph":
        from kgraph.build import shapes as own

        with part("all"):
            found = list(own.faults(asserted(path, ontology, kinds), Path(shapes)))
        return len({(str(fault.node), str(fault.value), fault.message("en")) for fault in found})
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    against = rdflib.Graph().parse(shapes, format="turtle")
    with part("all"):
        graph = rdflib.Graph().parse(data=b"".join(asserted(path, ontology, kinds)), format="nt")
        _, report, _ = pyshacl.validate(graph, shacl_graph=against, inplace=True)
    results = report.subjects(rdflib.RDF.type, SH.ValidationResult)
    return len(
        {
            (report.value(r, SH.focusNode), report.value(r, SH.value), str(report.value(r, SH.resultMessage)))
            for r in results
        }
    )


def asserted(path: str, ontology: str, kinds: str) -> list[bytes]:
    """The facts, the concept schemes and the class hierarchy as lines of N-Triples."""
    import rdflib

    below = rdflib.Graph()
    below += rdflib.Graph().parse(ontology, format="turtle").triples((None, rdflib.RDFS.subClassOf, None))
    more = below.serialize(format="nt") + rdflib.Graph().parse(kinds, format="turtle").serialize(format="nt")
    lines = [f"{line}\n".encode() for line in more.splitlines() if line and not line.startswith("_:")]
    return [*Path(path).read_bytes().splitlines(keepends=True), *lines]


def export(tool: str, path: str) -> Answer:
    graph = TOOLS[tool][0](path)
    with part("all"):
        if tool == "kgraph":
            from kgraph import publish

            written = publish.turtle(publish.default_graph(graph))
        elif tool == "kglab":
            written = graph.rdf_graph().serialize(format="turtle")
        else:
            written = graph.serialize(format="turtle")
    return len(written) > 1000


def measures(tool: str, path: str) -> Answer:
    signed = b"<https://w3id.org/sekg/ns#hasSignatory>"
    rows = [line.split(b" ", 3) for line in Path(path).read_bytes().splitlines() if signed in line]
    things = sorted({end for row in rows for end in (row[0], row[2])})
    numbers = {thing: number for number, thing in enumerate(things)}
    ends = [(numbers[row[0]], numbers[row[2]]) for row in rows]
    if tool == "kgraph":
        import numpy as np

        from kgraph.graph.network import networks

        with part("all"):
            found = networks.measured(list(map(bytes.decode, things)), np.array(ends))
            pairs = len(networks.co_signers(np.array(ends)))
        return [round(found[0].betweenness, 8), pairs]
    if tool == "igraph":
        import igraph

        with part("all"):
            graph = igraph.Graph(len(things), ends)
            best = max(graph.betweenness()) / ((len(things) - 1) * (len(things) - 2) / 2)
            graph.articulation_points()
        return [round(best, 8), None]
    import networkx as nx

    with part("all"):
        plain = nx.Graph(ends)
        best = max(nx.betweenness_centrality(plain).values())
        list(nx.articulation_points(plain))
        pairs = nx.bipartite.weighted_projected_graph(plain, {other for _, other in ends}).number_of_edges()
    return [round(best, 8), pairs]


def pipeline(tool: str, path: str, ontology: str, kinds: str, shapes: str) -> Answer:
    """The result of parsing, inference, validation and export of one file."""
    return {"kgraph": own_pipeline, "kglab": kglab_pipeline}[tool](path, ontology, kinds, shapes)


def own_pipeline(path: str, ontology: str, kinds: str, shapes: str) -> Answer:
    import pyoxigraph as ox

    from kgraph import publish
    from kgraph.base.vocab import KINDS_GRAPH, ONTOLOGY_GRAPH, term
    from kgraph.build import shapes as own
    from kgraph.rdf import inference

    with part("all"):
        store = ox.Store()
        for file, name in ((ontology, ONTOLOGY_GRAPH), (kinds, KINDS_GRAPH)):
            store.bulk_load(path=file, format=ox.RdfFormat.TURTLE, to_graph=name)
        for name in (ox.DefaultGraph(), term("graph:facts")):
            store.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
        inferred = inference.infer(store, records=False)
        faults = own.problems(store, Path(shapes))
        Path(f"{path}.ttl").write_bytes(publish.turtle(publish.default_graph(store)))
    return [inferred, len(faults)]


def kglab_pipeline(path: str, ontology: str, kinds: str, shapes: str) -> Answer:
    with part("all"):
        graph = kglab_load(path)
        for file in (ontology, kinds):
            graph.load_rdf(file, format="ttl")
        _, report, _ = graph.validate(shacl_graph=shapes, shacl_graph_format="ttl")
        before = len(graph.rdf_graph())
        graph.infer_owlrl_closure()
        graph.save_rdf(f"{path}.kglab.ttl", format="ttl")
    return [len(graph.rdf_graph()) - before, len(list(report.rdf_graph().subjects()))]


def build(tool: str, data: str, out: str) -> Answer:
    from kgraph.base import paths
    from kgraph.build import pipeline

    with part("all"):
        built = pipeline.build(Path(out), pipeline.Recipe(paths.folders(data=Path(data)), records=False))
    return [built.facts, built.inferred, len(built.problems)]


WORK: dict[str, Callable[..., Answer]] = {
    "load": load,
    "queries": queries,
    "closure": closure,
    "parse": raw_parse,
    "validation": validation,
    "export": export,
    "measures": measures,
    "pipeline": pipeline,
    "build": build,
}


def main() -> None:
    tool, work, *files = sys.argv[1:]
    answer = WORK[work](tool, *files)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"parts": measured, "peak": peak, "answer": answer}))


if __name__ == "__main__":
    main()
