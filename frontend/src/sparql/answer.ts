/** A SPARQL answer as rows of terms: bindings, the three columns of triples, or a truth value. */

import type { Binding, Results, Term } from "../api";

export interface Answer {
  columns: string[];
  rows: (Term | null)[][];
  /** The answer of an ASK. */
  truth: boolean | null;
  /** Whether it is a graph (CONSTRUCT, DESCRIBE) rather than bindings. */
  isGraph: boolean;
  /** Whether the server stopped before the last row. */
  isCut: boolean;
  text: string;
  /** The question that it answers, where it is a prepared one. */
  question?: string;
}

export const TRIPLES = "application/n-triples";
const STRING = "http://www.w3.org/2001/XMLSchema#string";
const LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

export function answerOf({ text, format }: { text: string; format: string }): Answer {
  if (format.startsWith(TRIPLES)) return { columns: ["subject", "predicate", "object"], rows: triplesIn(text),
    truth: null, isGraph: true, isCut: false, text };
  return answerIn(JSON.parse(text) as Results, text);
}

export function answerIn({ head, results, boolean, "kgraph:truncated": isCut = false }: Results, text: string): Answer {
  const columns = head.vars ?? [];
  const rows = (results?.bindings ?? []).map((binding) => columns.map((column) => termOf(binding[column])));
  return { columns, rows, truth: boolean ?? null, isGraph: false, isCut, text };
}

export const irisIn = ({ rows }: Answer): string[] =>
  [...new Set(rows.flat().flatMap((term) => (term && "iri" in term ? [term.iri] : [])))];

function termOf(found: Binding[string] | undefined): Term | null {
  if (!found) return null;
  if (found.type === "uri") return { iri: found.value };
  if (found.type === "bnode") return { iri: `_:${found.value}` };
  const lang = found["xml:lang"] ?? null;
  return { value: String(found.value), lang, datatype: found.datatype ?? (lang ? LANG_STRING : STRING) };
}

const TERM = String.raw`<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?`;
const LINE = new RegExp(String.raw`^\s*(${TERM})\s+(${TERM})\s+(${TERM})\s*\.`);

/** The triples of an N-Triples text; other lines are left out. */
export function triplesIn(text: string): Term[][] {
  return text.split("\n").flatMap((line) => {
    const found = LINE.exec(line);
    return found ? [found.slice(1, 4).map((term) => written(term))] : [];
  });
}

function written(term: string): Term {
  if (term.startsWith("<")) return { iri: unescaped(term.slice(1, -1)) };
  if (term.startsWith("_:")) return { iri: term };
  const end = term.lastIndexOf('"');
  const [value, rest] = [unescaped(term.slice(1, end)), term.slice(end + 1)];
  if (rest.startsWith("@")) return { value, lang: rest.slice(1), datatype: LANG_STRING };
  return { value, lang: null, datatype: rest.startsWith("^^") ? rest.slice(3, -1) : STRING };
}

const PLAIN: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short?: string, long?: string, one?: string) =>
    short ?? long ? String.fromCodePoint(parseInt((short ?? long)!, 16)) : (PLAIN[one!] ?? one!));

/** The triples of a graph, or of bindings with such columns; null for other answers. */
export function triplesOf({ columns, rows }: Answer): (readonly [Term, Term, Term])[] | null {
  const places = ["subject", "predicate", "object"].map((name) => columns.indexOf(name));
  if (places.includes(-1)) return null;
  return rows.flatMap((row) => {
    const [subject, predicate, object] = places.map((place) => row[place]);
    return subject && predicate && object ? [[subject, predicate, object] as const] : [];
  });
}
