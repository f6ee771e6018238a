import * as oxigraph from "oxigraph";
import { expect, test } from "vitest";
import { Refused, type Results } from "../api";
import { bound, type Oxigraph, term } from "./binding";
import { best, evaluate, filled } from "./evaluate";

const node = oxigraph as unknown as Oxigraph;
const JSON_RESULTS = "application/sparql-results+json";
const prefixes = {
  id: "https://w3id.org/sekg/id/", se: "https://w3id.org/sekg/ns#", graph: "https://w3id.org/sekg/graph/",
  call: "https://w3id.org/sekg/function/",
  geo: "http://www.opengis.net/ont/geosparql#", xsd: "http://www.w3.org/2001/XMLSchema#",
};
const trig = `${Object.entries(prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`).join("\n")}
graph:one { id:a se:knows id:b . id:b se:age 7 }
graph:two { id:a se:knows id:b , id:c }
graph:ontology { se:knows se:kind "relation"@en }`;
const store = filled(node, trig);

const ask = (query: string, accept = JSON_RESULTS, values = {}) =>
  evaluate(node, store, { query, values, accept, prefixes });
const rows = (query: string, values = {}): string[][] =>
  (JSON.parse(ask(query, JSON_RESULTS, values).text) as Results).results!.bindings.map(
    (row) => Object.values(row).map(({ value }) => value));

function refused(run: () => unknown): Refused {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error("it was answered");
}

// ── The store and its answers ──

test("the default graph has a triple of two sources once, and nothing of the ontology", () => {
  expect(rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")).toEqual([["3"]]);
  expect(rows("SELECT (COUNT(*) AS ?n) { GRAPH graph:ontology { ?s ?p ?o } }")).toEqual([["1"]]);
});

test("a fact whose claim yields is in the graph of its source only", () => {
  const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
  const disputed = filled(node, `PREFIX se: <${prefixes.se}> PREFIX id: <${prefixes.id}> PREFIX rdf: <${rdf}>
    <urn:one> { id:e se:date "2018-03-22" } <urn:two> { id:e se:date "--03-22" }
    <urn:claims> { id:other rdf:subject id:e ; rdf:predicate se:date ; rdf:object "--03-22" ; se:yieldsTo id:chosen }`);
  const days = (pattern: string): string[] =>
    (disputed.query(`SELECT ?day { ${pattern} }`) as Map<string, oxigraph.Term>[]).map((row) => row.get("day")!.value);
  expect(days(`?event <${prefixes.se}date> ?day`)).toEqual(["2018-03-22"]);
  expect(days(`GRAPH ?source { ?event <${prefixes.se}date> ?day }`).sort()).toEqual(["--03-22", "2018-03-22"]);
});

test("known prefixes may be left out, and declared otherwise", () => {
  expect(rows("SELECT ?x { id:b se:age ?x }")).toEqual([["7"]]);
  expect(rows("PREFIX id: <https://w3id.org/sekg/ns#> SELECT ?x { ?x id:age 7 }")).toEqual([[`${prefixes.id}b`]]);
});

test("a table comes as JSON, XML, CSV or TSV, a truth value as JSON or XML", () => {
  const query = "SELECT ?x { id:b se:age ?x }";
  expect(ask(query, "text/csv")).toEqual({ format: "text/csv", text: "x\r\n7\r\n" });
  expect(ask(query, "text/tab-separated-values").text).toBe("?x\n7\n");
  expect(ask(query, "application/sparql-results+xml").text).toContain("<binding name=\"x\">");
  expect(ask("ASK { id:a se:knows id:b }", "text/csv"))
    .toEqual({ format: JSON_RESULTS, text: "{\"head\":{},\"boolean\":true}" });
});

test("triples come in a stable order, once each, as Turtle, N-Triples or JSON-LD", () => {
  const query = "CONSTRUCT { ?s se:knows ?o } { GRAPH ?g { ?s se:knows ?o } }";
  const lines = ask(query, `${JSON_RESULTS}, application/n-triples;q=0.9`);
  expect(lines.format).toBe("application/n-triples");
  expect(lines.text.trim().split("\n"))
    .toEqual(["b", "c"].map((end) => `<${prefixes.id}a> <${prefixes.se}knows> <${prefixes.id}${end}> .`));
  expect(ask(query, "text/turtle").text).toContain(`<${prefixes.id}b> , <${prefixes.id}c>`);
  expect(JSON.parse(ask(query, "application/ld+json").text)).toHaveLength(1);
});

test("of the formats that are wanted the best one is given", () => {
  expect(best("text/csv;q=0.5, text/turtle", ["text/csv", "text/turtle"])).toBe("text/turtle");
  expect(best("image/png", ["text/csv", "text/turtle"])).toBe("text/csv");
});

test("the distance of kgraph is the one of GeoSPARQL, nested and under another prefix", () => {
  const [one, other] = ["\"POINT(22.29 52.16)\"^^geo:wktLiteral", "\"POINT(21 52)\"^^geo:wktLiteral"];
  expect(Number(rows(`SELECT (call:distance-km(${one}, ${other}) AS ?km) {}`)[0]![0])).toBeCloseTo(89.92968513, 6);
  const nearest = `IF(f:distance-km(${one}, ${one}) < 1, ${one}, ${other})`;
  const nested = `PREFIX f: <${prefixes.call}> SELECT (ROUND(f:distance-km(${nearest}, ${other})) AS ?km)
    { FILTER("f:distance-km(" != "") }`;
  expect(rows(nested)).toEqual([["90"]]);
});

// ── What is refused ──

test("a mistake has its line and column, as if no prefixes stood before", () => {
  const { code, detail, problem } = refused(() => ask("SELECT ?x WHERE {\n  ?x foo }"));
  expect([code, problem.line, problem.column]).toEqual(["malformed", 2, 11]);
  expect(detail).toBe("not valid SPARQL 1.1 near line 2, column 11:\n    ?x foo }\n            ^");
});

test("an unknown prefix, an update and nothing at all are named", () => {
  expect(refused(() => ask("SELECT ?x { ?x foo:a \"bar:b\" }")).detail).toMatch(/^unknown prefix 'foo'; declare it/);
  expect(refused(() => ask("# a note\nPREFIX x: <y:>\nINSERT DATA { id:a id:b id:c }")).detail)
    .toMatch(/^this is an update/);
  expect(refused(() => ask(" ")).detail).toMatch(/^the query is empty/);
});

test("no query asks elsewhere, but the word may be written", () => {
  expect(refused(() => ask("SELECT * { SERVICE SILENT <http://localhost/> { ?s ?p ?o } }")).problem.status).toBe(403);
  expect(refused(() => ask("SELECT * {\n#\nservice<http://localhost/>{ ?s ?p ?o } }")).problem.status).toBe(403);
  expect(ask("ASK { ?service ?p 'SERVICE' } # SERVICE").text).toContain("false");
});

// ── Values of parameters ──

const written = (value: string): string => term(node, value, prefixes).toString();

test("terms are read as people write them", () => {
  expect(written("id:mcps")).toBe("<https://w3id.org/sekg/id/mcps>");
  expect(written("https://example.org/x")).toBe("<https://example.org/x>");
  expect(written("<urn:x>")).toBe("<urn:x>");
  expect(written("2018-03-22")).toBe("\"2018-03-22\"^^<http://www.w3.org/2001/XMLSchema#date>");
  expect(written("30")).toBe("\"30\"^^<http://www.w3.org/2001/XMLSchema#integer>");
  expect(written("true")).toBe("\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>");
  expect(written("\"kot\"@pl")).toBe("\"kot\"@pl");
  expect(written("\"7\"^^xsd:byte")).toBe("\"7\"^^<http://www.w3.org/2001/XMLSchema#byte>");
  expect(written("słowo } \"")).toBe("\"słowo } \\\"\"");
});

test("a value takes the place of a default, of several with the same name too", () => {
  const query = `SELECT ?x { VALUES ?who { id:z } VALUES ?lang { "en" }
    { ?who se:knows ?x } UNION { VALUES ?who { id:z } ?x se:knows ?who } } ORDER BY ?x`;
  expect(rows(query)).toEqual([]);
  expect(rows(query, { who: "id:a" })).toEqual([[`${prefixes.id}b`], [`${prefixes.id}c`]]);
});

test.each([
  "id:a } ?s ?p ?o #", "<x:y> } { <x:z>", "<x:y>> } #", "\"a\" } ?s ?p ?o { \"", "\"a\\\" } ?s ?p ?o",
  "1 } ?s ?p ?o { 2", "1 . <x:a> <x:b> 2", "\"a\", \"b\"",
  "nope:x", "UNDEF }", "?x", "VALUES ?b { 1 } ?s ?p ?o", "\"VALUES ?b { 1 }\"", "$1$&$" + "{'}", "\"\"\"a\"\"\" } #",
  "true } ?s ?p ?o", "\u0000", "\\u007D ?s ?p ?o",
])("a hostile value is one term or is refused: %s", (hostile) => {
  const query = "SELECT ?a ?b { VALUES ?a { 0 } VALUES ?b { 0 } }";
  const values = { a: hostile, b: "} UNION { ?s ?p ?o } #" };
  let found: string[][];
  try {
    found = rows(query, values);
  } catch (error) {
    expect(error).toMatchObject({ code: "malformed" });
    return;
  }
  expect(found).toHaveLength(1);
  expect(found[0]![1]).toBe("} UNION { ?s ?p ?o } #");
});

test("names of values that no object has by nature are no values", () => {
  expect(bound(node, "VALUES ?constructor { 1 }", {}, prefixes)).toBe("VALUES ?constructor { 1 }");
});
