/** Mistakes in queries: the position of a syntax error, and terms that the ontology does not have. */

import type { Refused, Schema } from "../api";
import type { Words } from "../words";
import { curie } from "./completion";
import { nearest } from "./nearest";
import { declared, edited, tokens } from "./tokens";

const NAMESPACE = "https://w3id.org/sekg/ns#";

export interface Mistake {
  /** From 1; null when the back end gives none. */
  line: number | null;
  column: number | null;
  detail: string;
}

export function mistakeIn({ detail, problem }: Pick<Refused, "detail" | "problem">): Mistake {
  const said = /line (\d+)(?:, column (\d+))?/i.exec(detail);
  const number = (member: unknown, words: string | undefined): number | null =>
    typeof member === "number" && member > 0 ? member : words ? Number(words) : null;
  return { line: number(problem.line, said?.[1]), column: number(problem.column, said?.[2]), detail };
}

/** The back end's message without its position, translated where it is frequent. */
export function toldOf(detail: string, { fill, query: words }: Words): string {
  const prefix = /^unknown prefix '([^']*)'/.exec(detail)?.[1];
  if (prefix !== undefined) return fill(words.unknownPrefix, { prefix });
  if (detail.endsWith("SERVICE is not possible here")) return words.noService;
  return detail.replace(/^not valid SPARQL 1\.1 near line \d+, column \d+:\n/, "");
}

/** The range to mark: the word at the position, else the word before it, which often is the mistake. */
export function spanOf(text: string, line: number, column: number | null): { from: number; to: number } {
  const lines = text.split("\n");
  const row = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, row).reduce((sum, one) => sum + one.length + 1, 0);
  const words = lines[row] ?? "";
  if (column === null) return { from: start, to: start + words.length };
  const at = Math.min(Math.max(column - 1, 0), words.length);
  const before = /\S*\s*$/.exec(words.slice(0, at))?.[0].length ?? 0;
  const after = /^\S*/.exec(words.slice(at))?.[0].length ?? 0;
  return { from: start + (after ? at : at - before), to: start + at + after };
}

/** The terms of our ontology that a query names and the ontology does not have: most likely typing errors. */
export function undefinedTerms(query: string, { prefixes, classes, properties }: Schema): string[] {
  const pieces = tokens(query);
  const meant = { ...prefixes, ...declared(pieces) };
  const known = new Set([NAMESPACE, ...[...classes, ...properties].map(({ iri }) => iri)]);
  const iriOf = (name: string): string =>
    name.replace(/^([^:]*):/, (_, prefix: string) => (Object.hasOwn(meant, prefix) ? meant[prefix]! : ""));
  // the full stop after a triple is part of the name before it
  const named = pieces.filter(({ kind }) => kind === "name").map(({ text }) => text.replace(/\.+$/, ""));
  const isUnknown = (name: string): boolean => iriOf(name).startsWith(NAMESPACE) && !known.has(iriOf(name));
  return classes.length ? [...new Set(named)].filter(isUnknown) : [];
}

/** The terms of the ontology that are spelt like an unknown one. */
export function meantBy(name: string, { prefixes, classes, properties }: Schema): string[] {
  const known = [...classes, ...properties].map(({ iri }) => curie(iri, prefixes));
  const own = name.slice(0, name.indexOf(":") + 1);
  return nearest(name, known.filter((one) => one.startsWith(own)));
}

/** A query with a name replaced wherever it stands. */
export function renamed(query: string, from: string, to: string): string {
  const places = tokens(query).filter(({ kind, text }) => kind === "name" && text.replace(/\.+$/, "") === from);
  return edited(query, places.map(({ at }) => ({ from: at, to: at + from.length, text: to })));
}
