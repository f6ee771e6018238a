/** Evaluates a query with Oxigraph as the server does: known prefixes, media types, error messages. */

import type { Store } from "oxigraph/web.js";
import { Refused } from "../api";
import { type Form, federates, formOf, isUpdate, tokens, unknownPrefix } from "../sparql/tokens";
import { bound, type Oxigraph, prologue } from "./binding";
import { isMissed, withDistances } from "./distance";

export interface Asked {
  readonly query: string;
  /** Values that replace the query's defaults, as typed. */
  readonly values: Readonly<Record<string, string>>;
  /** Media types, as in an Accept header. */
  readonly accept: string;
  readonly prefixes: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly text: string;
  readonly format: string;
}

const LINES = "application/n-triples";
const ONTOLOGY = "https://w3id.org/sekg/graph/ontology";
const FORMATS: Record<Form, readonly [string, ...string[]]> = {
  table: ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
  boolean: ["application/sparql-results+json", "application/sparql-results+xml"],
  graph: ["text/turtle", LINES, "application/ld+json"],
};

const NS = "https://w3id.org/sekg/ns#";
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/** A store of named graphs whose default graph has their triples once, without the ontology and yielding facts. */
export function filled(oxigraph: Oxigraph, trig: string | Uint8Array): Store {
  const store = new oxigraph.Store();
  store.load(trig as string, { format: "application/trig" });
  store.update(`INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(?g != <${ONTOLOGY}>) }`);
  store.update(`DELETE { ?s ?p ?o } WHERE {
    ?claim <${NS}yieldsTo> ?other ; <${RDF}subject> ?s ; <${RDF}predicate> ?p ; <${RDF}object> ?o }`);
  return store;
}

/** The answer in the preferred format. Throws Refused, or the library's error when it is unusable. */
export function evaluate(oxigraph: Oxigraph, store: Store, { query, values, accept, prefixes }: Asked): Answered {
  const text = bound(oxigraph, query, values, prefixes);
  const pieces = tokens(text);
  const elsewhere = "this page asks no other endpoint: SERVICE is not possible here";
  if (federates(pieces)) throw new Refused("broken", elsewhere, { status: 403 });
  const form = formOf(pieces);
  const format = best(accept, FORMATS[form]);
  try {
    const isGraph = form === "graph";
    const found = run(store, text, prefixes, isGraph ? LINES : format);
    return { text: isGraph ? sorted(oxigraph, found, format) : found, format };
  } catch (error) {
    throw isFatal(error) ? error : mistake(error, text, prefixes);
  }
}

/** The format of the highest quality; the first of equals, and the first of all when none is accepted. */
export function best(accept: string, offered: readonly [string, ...string[]]): string {
  const wanted = new Map(accept.split(",").map(qualityOf));
  return [...offered].sort((one, other) => (wanted.get(other) ?? 0) - (wanted.get(one) ?? 0))[0]!;
}

function qualityOf(part: string): [format: string, quality: number] {
  const [format = "", ...more] = part.split(";").map((piece) => piece.trim());
  return [format, Number(more.find((one) => one.startsWith("q="))?.slice(2) ?? 1)];
}

/** Triples in a stable order without repeats, which the library does not provide. */
function sorted(oxigraph: Oxigraph, lines: string, format: string): string {
  const triples = new oxigraph.Store();
  triples.load(lines, { format: LINES });
  const inOrder = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o";
  return triples.query(inOrder, { results_format: format }) as string;
}

function run(store: Store, text: string, prefixes: Asked["prefixes"], format: string): string {
  const query = (body: string): string =>
    store.query(`${prologue(prefixes)}\n${body}`, { results_format: format }) as string;
  try {
    return query(text);
  } catch (error) {
    if (isFatal(error) || !isMissed(String(error))) throw error;
    return query(withDistances(text, prefixes));
  }
}

/** Whether the engine is unusable: out of memory, or out of stack. */
export const isFatal = (error: unknown): boolean =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** A message with the position, the line and advice, as on the server. */
function mistake(error: unknown, text: string, prefixes: Asked["prefixes"]): Refused {
  const pieces = tokens(text);
  const unknown = unknownPrefix(pieces, prefixes);
  const said = (detail: string, place = {}): Refused =>
    new Refused("malformed", detail, { status: 400, detail, ...place });
  const known = Object.keys(prefixes).join(", ");
  if (unknown) return said(`unknown prefix '${unknown}'; declare it with PREFIX, or use one of ${known}`);
  if (isUpdate(pieces)) return said("this is an update; only queries (SELECT, ASK, CONSTRUCT, DESCRIBE) are answered");
  if (!text.trim()) return said("the query is empty; try SELECT ?name WHERE { ?thing skos:prefLabel ?name } LIMIT 10");
  const message = error instanceof Error ? error.message : String(error);
  const place = /^error at (\d+):(\d+)/.exec(message);
  if (!place) return said(`not valid SPARQL 1.1: ${message}`);
  const [line, column] = [Number(place[1]) - 1, Number(place[2])]; // the prefixes stand on a line before
  const shown = text.split(/\r\n|\r|\n/)[line - 1] ?? "";
  const pointer = `${" ".repeat(column - 1)}^`;
  return said(`not valid SPARQL 1.1 near line ${line}, column ${column}:\n  ${shown}\n  ${pointer}`, { line, column });
}
