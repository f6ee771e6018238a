/** What is being written at a place of a query: the subject and its classes, when a property is wanted. */

import { declared, type Token, tokens } from "./tokens";

export type Prefixes = Readonly<Record<string, string>>;

/** The classes of the subject whose property is wanted at a place, as IRIs; null where no property is wanted. */
export function classesAt(text: string, at: number, prefixes: Prefixes): string[] | null {
  const before = tokens(text.slice(0, at));
  const subject = subjectOf(before);
  if (!subject) return null;
  const meant = { ...prefixes, ...declared(tokens(text)) };
  const all = tokens(text);
  const found = all.flatMap((_, place) =>
    (isTyping(all, place, subject) ? objectsAfter(all, place, meant) : []));
  return [...new Set(found)];
}

/** The subject of a triple whose predicate comes next; null elsewhere. */
function subjectOf(before: readonly Token[]): string | null {
  const last = before.at(-1);
  if (!last) return null;
  const start = lastIndex(before,
    ({ kind, text }) => (kind === "sign" && /^[.{}]$/.test(text)) || endsTriple(kind, text));
  const triple = before.slice(start + 1);
  const subject = triple[0];
  if (subject?.kind !== "variable") return null;
  return triple.length === 1 || last.text === ";" ? subject.text : null;
}

/** The tokenizer leaves the full stop at the end of a name. */
const endsTriple = (kind: Token["kind"], text: string): boolean => kind === "name" && text.endsWith(".");

function lastIndex<T>(list: readonly T[], fits: (one: T) => boolean): number {
  for (let at = list.length - 1; at >= 0; at -= 1) if (fits(list[at]!)) return at;
  return -1;
}

/** Whether a token is `a` (or `rdf:type`) of a subject: the subject stands before it in the same triple. */
function isTyping(all: readonly Token[], at: number, subject: string): boolean {
  const { kind, text } = all[at]!;
  if (!((kind === "word" && text === "a") || text === "rdf:type")) return false;
  return subjectOf(all.slice(0, at)) === subject;
}

/** The IRIs after a token, separated by commas. */
function objectsAfter(all: readonly Token[], at: number, meant: Prefixes): string[] {
  const found: string[] = [];
  for (let place = at + 1; place < all.length; place += 2) {
    const token = all[place]!;
    const name = token.text.replace(/\.+$/, "");
    if (token.kind === "iri") found.push(token.text.slice(1, -1));
    else if (token.kind === "name") found.push(expanded(name, meant));
    if (all[place + 1]?.text !== ",") break;
  }
  return found.filter(Boolean);
}

function expanded(name: string, meant: Prefixes): string {
  const [prefix = "", local = ""] = name.split(/:(.*)/s);
  return Object.hasOwn(meant, prefix) ? meant[prefix]! + local : "";
}

/** The query for the properties of things of some classes, the most used first; it looks at a few hundred things. */
export const propertiesQuery = (classes: readonly string[]): string =>
  `SELECT ?property (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  { SELECT ?thing WHERE { ${classes.map((iri) => `?thing a <${iri}> .`).join(" ")} } LIMIT 300 }
  ?thing ?property ?value
}
GROUP BY ?property
ORDER BY DESC(?count) ?property`;
