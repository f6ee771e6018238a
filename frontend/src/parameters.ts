/** Parameters of questions, as typed and as SPARQL terms. */

import { BASE, type Found, type Question } from "./api";
import { fold } from "./fold";
import { withValues } from "./sparql/tokens";

const DAY = /^"(\d{4}-\d{2}-\d{2})"\^\^xsd:date$/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const CURIE = /^[A-Za-z][\w-]*:[\w./-]*$/;

export type Sort = "thing" | "day" | "number" | "text";

/** The type of a parameter, derived from its default, or from its name where it has none. */
export function sortOf(usual: string, name = ""): Sort {
  if (DAY.test(usual) || (usual === "UNDEF" && name === "day")) return "day";
  if (NUMBER.test(usual)) return "number";
  return usual === "UNDEF" || CURIE.test(usual) || usual.startsWith("<") ? "thing" : "text";
}

/** Parameters that take a thing of any kind. */
const OPEN = new Set(["subject", "object", "from", "to", "thing"]);

/** Whether a parameter takes only things of the kind of its default. */
export const isOfKind = (name: string, usual: string): boolean => usual !== "UNDEF" && !OPEN.has(name);

/** Kinds that are interchangeable in a question. */
const ALIKE = [
  ["http://www.w3.org/ns/org#Organization", "http://data.europa.eu/m8g/PublicOrganisation",
    "https://w3id.org/sekg/ns#SupportInstitution", "https://w3id.org/sekg/ns#SocialEconomyEntity"],
  ["http://data.europa.eu/m8g/AdminUnit", "http://purl.org/dc/terms/Location"],
  ["https://w3id.org/sekg/ns#SigningEvent", "https://w3id.org/sekg/ns#Event"],
];

/** The kinds of things that can be asked about in the place of a thing of one kind. */
export const alikeTo = (kind: string): readonly string[] => ALIKE.find((kinds) => kinds.includes(kind)) ?? [kind];

/** Whether a thing of one kind can be asked about in the place of a thing of another. */
export const isAlike = (kind: string, usual: string): boolean =>
  alikeTo(usual).includes(kind);

/** The only thing with this name in some language, folded; else null. */
export function calledExactly(found: readonly Found[], text: string): Found | null {
  const wanted = fold(text);
  const [first, second] = found.filter(
    ({ name, labels }) => [name, ...Object.values(labels)].some((one) => one !== undefined && fold(one) === wanted));
  return first && !second ? first : null;
}

export const dayFrom = (term: string): string => DAY.exec(term)?.[1] ?? "";
export const dayTerm = (day: string): string => `"${day}"^^xsd:date`;
export const isTerm = (text: string): boolean => CURIE.test(text) || /^<[^<>"{}|\\^`\s]+>$/.test(text);

export function termOf(iri: string): string {
  const [folder, slug, ...rest] = iri.startsWith(BASE) ? iri.slice(BASE.length).split("/") : [];
  return folder === "id" && slug && !rest.length && /^[\w-]+$/.test(slug) ? `id:${slug}` : `<${iri}>`;
}

/** The IRI of a parameter; null for other terms. */
export function iriOf(term: string, prefixes: Readonly<Record<string, string>>): string | null {
  if (term.startsWith("<")) return term.slice(1, -1);
  const [prefix = "", local] = term.split(/:(.*)/s);
  const start = prefixes[prefix];
  return CURIE.test(term) && start !== undefined ? start + (local ?? "") : null;
}

export const unusual = (question: Question, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values)
    .filter(([name, value]) => value !== "" && name in question.parameters && value !== question.parameters[name]));

/** The query of a question with values in place of its defaults. */
export function filledIn(question: Question, lang: string, values: Readonly<Record<string, string>>): string {
  const given = new Map(Object.entries({ ...values, lang: `"${lang}"` }));
  return withValues(question.sparql, (name) => (given.has(name) ? written(given.get(name)!) : undefined));
}

function written(value: string): string {
  const isWritten = isTerm(value) || NUMBER.test(value) || value === "UNDEF"
    || /^"[^"\\\n]*"(\^\^[\w:-]+|@[\w-]+)?$/.test(value);
  return isWritten ? value : JSON.stringify(value);
}
