/** Typed values as terms of a query, as on the server; no value can become anything but one term. */

import type { Literal, NamedNode } from "oxigraph/web.js";
import { Refused } from "../api";
import { withValues } from "../sparql/tokens";

/** The library in a browser or in Node. */
export type Oxigraph = Pick<typeof import("oxigraph/web.js"), "Store" | "namedNode" | "literal" | "parse">;

type Prefixes = Readonly<Record<string, string>>;

const XSD_DATE = "http://www.w3.org/2001/XMLSchema#date";

export const bound = (
  oxigraph: Oxigraph, query: string, values: Readonly<Record<string, string>>, prefixes: Prefixes,
): string =>
  withValues(query, (name) =>
    (Object.hasOwn(values, name) ? term(oxigraph, values[name]!, prefixes).toString() : undefined));

/** An IRI `<…>` or `https://…`, a CURIE, a day, a literal as SPARQL writes it, or else a plain string. */
export function term(oxigraph: Oxigraph, value: string, prefixes: Prefixes): NamedNode | Literal {
  try {
    if (/^<.*>$/s.test(value)) return oxigraph.namedNode(value.slice(1, -1));
    if (/^https?:\/\//.test(value)) return oxigraph.namedNode(value);
    if (/^[A-Za-z][\p{L}\p{N}_-]*:[\p{L}\p{N}_-]+$/u.test(value)) return oxigraph.namedNode(expanded(value, prefixes));
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return oxigraph.literal(value, oxigraph.namedNode(XSD_DATE));
    return /^("|[+-]?\d|(true|false)$)/.test(value) ? literal(oxigraph, value, prefixes) : oxigraph.literal(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused("malformed", `“${value}” is not a term: ${why}`, { status: 400 });
  }
}

function expanded(curie: string, prefixes: Prefixes): string {
  const [prefix = "", local] = curie.split(":");
  const known = Object.keys(prefixes).join(", ");
  if (!Object.hasOwn(prefixes, prefix)) throw new Error(`unknown prefix; known are ${known}`);
  return prefixes[prefix]! + local;
}

/** A literal as the store parses it; anything beyond one literal is refused. */
function literal(oxigraph: Oxigraph, value: string, prefixes: Prefixes): Literal {
  const [quad, ...others] = oxigraph.parse(`${prologue(prefixes)}\n<x:s> <x:p> ${value} .`, { format: "text/turtle" });
  if (quad?.object.termType !== "Literal" || others.length) throw new Error("it is not one literal");
  return quad.object as Literal;
}

export const prologue = (prefixes: Prefixes): string =>
  Object.entries(prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`).join(" ");
