import { expect, test } from "vitest";
import type { Schema } from "../api";
import { WORDS } from "../words";
import { answerOf, triplesIn, triplesOf } from "./answer";
import { curie, suggestions } from "./completion";
import { remembered } from "./history";
import { mistakeIn, spanOf, toldOf, undefinedTerms } from "./mistakes";

const SE = "https://w3id.org/sekg/ns#";
const schema: Schema = {
  prefixes: { se: SE, id: "https://w3id.org/sekg/id/", base: "https://w3id.org/sekg/" },
  classes: [{ iri: `${SE}Agreement`, labels: { pl: "porozumienie", en: "agreement" }, definitions: {}, count: 2 }],
  properties: [{ iri: `${SE}hasSignatory`, labels: { pl: "ma sygnatariusza", en: "has signatory" }, definitions: {} }],
};
const texts = (typed: string, text = "", lang: "pl" | "en" = "pl"): string[] => suggestions(typed, text, schema, lang)
  .map((one) => one.text);

test("a term is found by its short form, by what follows the prefix and by its name in the chosen language", () => {
  expect(texts("se:has")).toEqual(["se:hasSignatory"]);
  expect(texts("hasS")).toEqual(["se:hasSignatory"]);
  expect(texts("sygna")).toEqual(["se:hasSignatory"]);
  expect(texts("sygna", "", "en")).toEqual([]);
  expect(texts("agreem", "", "en")).toEqual(["se:Agreement"]);
});

test("a variable is completed from those of the query", () => {
  expect(texts("?o", "SELECT ?one ?other WHERE { ?one ?p ?other . ?o")).toEqual(["?one", "?other"]);
});

test("the longest prefix that leaves a local name makes the short form", () => {
  expect(curie("https://w3id.org/sekg/id/mcps", schema.prefixes)).toBe("id:mcps");
  expect(curie("https://w3id.org/sekg/a/b", schema.prefixes)).toBe("<https://w3id.org/sekg/a/b>");
});

test("N-Triples become terms, escapes and languages included", () => {
  expect(triplesIn('<a:s> <a:p> "dwa\\nwiersze \\u0142"@pl .\n<a:s> <a:p> _:b .\nnonsense\n<a:s> <a:p> "1"^^<a:int> .'))
    .toEqual([
    [{ iri: "a:s" }, { iri: "a:p" },
      { value: "dwa\nwiersze ł", lang: "pl", datatype: "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString" }],
    [{ iri: "a:s" }, { iri: "a:p" }, { iri: "_:b" }],
    [{ iri: "a:s" }, { iri: "a:p" }, { value: "1", lang: null, datatype: "a:int" }],
  ]);
});

test("bindings keep the order of the columns and leave a gap where nothing is bound", () => {
  const answer = answerOf({ format: "application/sparql-results+json",
    text: '{"head":{"vars":["b","a"]},"results":{"bindings":[{"a":{"type":"uri","value":"x:y"}}]}}' });
  expect(answer.columns).toEqual(["b", "a"]);
  expect(answer.rows).toEqual([[null, { iri: "x:y" }]]);
  expect(triplesOf(answer)).toBeNull();
});

test("an ASK has a truth value and no rows", () => {
  expect(answerOf({ format: "application/sparql-results+json", text: '{"head":{},"boolean":false}' }))
    .toMatchObject({ truth: false, rows: [] });
});

test("columns called subject, predicate and object are triples", () => {
  const term = (value: string) => ({ type: "uri", value });
  const text = JSON.stringify({ head: { vars: ["object", "subject", "predicate"] }, results: {
    bindings: [{ subject: term("a:s"), predicate: term("a:p"), object: term("a:o") }, { subject: term("a:s") }] } });
  expect(triplesOf(answerOf({ format: "application/sparql-results+json", text })))
    .toEqual([[{ iri: "a:s" }, { iri: "a:p" }, { iri: "a:o" }]]);
});

test("the place of a mistake is a member of the problem or in its words", () => {
  expect(mistakeIn({ detail: "not valid SPARQL 1.1 near line 2, column 9:\n", problem: {} }))
    .toMatchObject({ line: 2, column: 9 });
  expect(mistakeIn({ detail: "bad", problem: { line: 3, column: 1 } })).toMatchObject({ line: 3, column: 1 });
  expect(mistakeIn({ detail: "bad", problem: {} })).toMatchObject({ line: null, column: null });
});

test("what the back end often says of a query is told in the language of the reader", () => {
  expect(toldOf("unknown prefix 'foo'; declare it with PREFIX, or use one of se, id", WORDS.pl))
    .toContain("Nieznany prefiks „foo:”");
  expect(toldOf("this endpoint asks no other: SERVICE is not possible here", WORDS.pl)).toBe(WORDS.pl.query.noService);
  expect(toldOf("not valid SPARQL 1.1 near line 1, column 6:\n  SELEC\n       ^", WORDS.pl)).toBe("  SELEC\n       ^");
  expect(toldOf("something else", WORDS.pl)).toBe("something else");
});

test("the marked span is the word at the place, else the one before, and never outside the text", () => {
  const text = "SELECT * WHERE {\n FILTR }";
  expect(text.slice(...Object.values(spanOf(text, 2, 2)) as [number, number])).toBe("FILTR");
  expect(text.slice(...Object.values(spanOf(text, 2, 9)) as [number, number])).toBe("}");
  expect(spanOf(text, 99, 99)).toEqual({ from: 24, to: 25 });
});

test("a term of ours that the ontology does not have is pointed out, once, and nothing else is", () => {
  const query = (text: string): string[] => undefinedTerms(text, schema);
  expect(query("SELECT ?x { ?x a se:Agreementt ; se:hasSignatory ?y . ?y a se:Agreementt . }"))
    .toEqual(["se:Agreementt"]);
  expect(query('SELECT ?se { ?x id:nobody "se:nothing", <https://w3id.org/sekg/ns#nothing> } # se:nothing'))
    .toEqual([]);
  const declared = "PREFIX se: <x:> PREFIX own: <https://w3id.org/sekg/ns#>";
  expect(query(`${declared} ASK { ?x se:nothing ?y ; own:something se:Agreement. }`)).toEqual(["own:something"]);
  expect(undefinedTerms("ASK { ?x a se:Agreementt }", { prefixes: {}, classes: [], properties: [] })).toEqual([]);
});

test("the history has the newest query first, each once, at most 20", () => {
  const many = Array.from({ length: 30 }, (_, n) => `ASK { ${n} }`);
  expect(remembered("b", ["a", "b", "c"])).toEqual(["b", "a", "c"]);
  expect(remembered("new", many)).toHaveLength(20);
});

test("an answer that the server cut says so", () => {
  const answer = (more: string) => answerOf(
    { text: `{"head":{"vars":["a"]},"results":{"bindings":[]}${more}}`, format: "application/sparql-results+json" });
  expect([answer("").isCut, answer(',"kgraph:truncated":true').isCut]).toEqual([false, true]);
});
