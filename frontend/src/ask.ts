/** Parameters of questions as people write them and as SPARQL does. */

import { BASE, type Question } from "./api";

const DAY = /^"(\d{4}-\d{2}-\d{2})"\^\^xsd:date$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const CURIE = /^[A-Za-z][\w-]*:[\w./-]*$/;

export type Sort = "thing" | "day" | "number" | "text";

/** What kind of value a parameter takes, as its default shows. */
export function sortOf(usual: string): Sort {
  if (DAY.test(usual)) return "day";
  if (NUMBER.test(usual)) return "number";
  return usual === "UNDEF" || CURIE.test(usual) || usual.startsWith("<") ? "thing" : "text";
}

export const dayFrom = (term: string): string => DAY.exec(term)?.[1] ?? "";
export const dayTerm = (day: string): string => `"${day}"^^xsd:date`;
export const isTerm = (text: string): boolean => CURIE.test(text) || /^<[^<>"{}|\\^`\s]+>$/.test(text);

/** An IRI as a parameter. */
export function termOf(iri: string): string {
  const [folder, slug, ...rest] = iri.startsWith(BASE) ? iri.slice(BASE.length).split("/") : [];
  return folder === "id" && slug && !rest.length && /^[\w-]+$/.test(slug) ? `id:${slug}` : `<${iri}>`;
}

/** The IRI of a parameter, null for what is none. */
export function iriOf(term: string, prefixes: Readonly<Record<string, string>>): string | null {
  if (term.startsWith("<")) return term.slice(1, -1);
  const [prefix = "", local] = term.split(/:(.*)/s);
  const start = prefixes[prefix];
  return CURIE.test(term) && start !== undefined ? start + (local ?? "") : null;
}

/** The parameters that are not as usual: the others are left to the question. */
export const unusual = (question: Question, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== "" && name in question.parameters && value !== question.parameters[name]));

/** The text of a question with the values in the place of its defaults, in one pass: nothing is looked for in what was put in. */
export function filledIn(question: Question, lang: string, values: Readonly<Record<string, string>>): string {
  const given: Readonly<Record<string, string>> = { ...values, lang: `"${lang}"` };
  return question.sparql.replace(/(VALUES\s+\?(\w+)\s*\{)[^}]*(\})/g, (whole, before: string, name: string, after: string) =>
    Object.hasOwn(given, name) ? `${before} ${written(given[name] as string)} ${after}` : whole);
}

function written(value: string): string {
  const isWritten = isTerm(value) || NUMBER.test(value) || value === "UNDEF" || /^"[^"\\\n]*"(\^\^[\w:-]+|@[\w-]+)?$/.test(value);
  return isWritten ? value : JSON.stringify(value);
}
