/** Completions of a word in a query: variables, prefixes, classes and properties by CURIE or label, keywords. */

import type { Labelled, Lang, Schema } from "../api";
import { called } from "../dictionary";
import { fold } from "../fold";

export interface Suggestion {
  text: string;
  sort: "variable" | "prefix" | "class" | "property" | "keyword" | "thing";
  /** The label, or the namespace of a prefix. */
  detail: string;
}

const KEYWORDS = [
  "SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "WHERE", "DISTINCT", "OPTIONAL", "UNION", "FILTER", "MINUS", "BIND",
  "VALUES", "GRAPH", "PREFIX", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "OFFSET", "FILTER NOT EXISTS",
  "FILTER EXISTS", "AS", "IN", "DESC", "ASC", "UNDEF", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT",
  "STR", "LANG", "DATATYPE", "BOUND", "IF", "COALESCE", "CONTAINS", "STRSTARTS", "REGEX", "REPLACE", "LCASE", "CONCAT",
  "YEAR", "MONTH", "DAY",
];
const MOST = 60;

export function suggestions(typed: string, text: string, schema: Schema, lang: Lang): Suggestion[] {
  if (/^[?$]/.test(typed)) return variables(text, typed);
  const wanted = fold(typed);
  const terms = (sort: "class" | "property", defined: readonly Labelled[]): Suggestion[] => defined.map(
    ({ iri, labels }) => ({ text: curie(iri, schema.prefixes), sort, detail: called(labels, lang) ?? "" }));
  const prefixes = Object.entries(schema.prefixes)
    .map(([prefix, iri]) => ({ text: `${prefix}:`, sort: "prefix" as const, detail: iri }));
  const keywords = KEYWORDS.map((word) => ({ text: word, sort: "keyword" as const, detail: "" }));
  return [...terms("class", schema.classes), ...terms("property", schema.properties), ...prefixes, ...keywords]
    .map((one) => ({ one, rank: rank(one, wanted) }))
    .filter(({ rank }) => rank < NONE)
    .sort((a, b) => a.rank - b.rank || a.one.text.length - b.one.text.length || (a.one.text < b.one.text ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
}

const NONE = 9;

/** Whether a suggestion fits a typed word. */
export const fits = (one: Suggestion, typed: string): boolean => rank(one, fold(typed)) < NONE;

/** The rank of a match: at the start, after the prefix, at a word of the label, anywhere. */
function rank({ text, sort, detail }: Suggestion, wanted: string): number {
  const own = fold(text);
  if (!wanted) return sort === "keyword" ? 2 : 1;
  if (sort === "keyword") return own.startsWith(wanted) ? 0 : NONE;
  if (own.startsWith(wanted)) return sort === "prefix" ? 0 : 1;
  if (sort === "prefix") return NONE;
  if (own.slice(own.indexOf(":") + 1).startsWith(wanted)) return 2;
  const name = fold(detail);
  if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 3;
  return wanted.length > 2 && (own.includes(wanted) || name.includes(wanted)) ? 4 : NONE;
}

function variables(text: string, typed: string): Suggestion[] {
  const found = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu));
  found.delete(typed);
  return [...found].filter((one) => one.slice(1).startsWith(typed.slice(1))).sort()
    .map((one) => ({ text: one, sort: "variable", detail: "" }));
}

/** The short form of an IRI, else the IRI in angle brackets. */
export function curie(iri: string, prefixes: Record<string, string>): string {
  let best: [string, string] | null = null;
  for (const [prefix, start] of Object.entries(prefixes)) {
    if (iri.startsWith(start) && /^[\p{L}\p{N}_]?[\p{L}\p{N}_.-]*$/u.test(iri.slice(start.length))
      && start.length > (best?.[1].length ?? 0)) best = [prefix, start];
  }
  return best ? `${best[0]}:${iri.slice(best[1].length)}` : iri.startsWith("_:") ? iri : `<${iri}>`;
}
