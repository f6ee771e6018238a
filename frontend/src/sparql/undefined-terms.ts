/** The terms of our ontology that a query names and the ontology does not have: typing errors, most likely. */

import type { Schema } from "../api";
import { declared, tokens } from "./tokens";

const NAMESPACE = "https://w3id.org/sekg/ns#";

export function undefinedTerms(query: string, { prefixes, classes, properties }: Schema): string[] {
  const pieces = tokens(query);
  const meant = { ...prefixes, ...declared(pieces) };
  const known = new Set([NAMESPACE, ...[...classes, ...properties].map(({ iri }) => iri)]);
  const iriOf = (name: string): string =>
    name.replace(/^([^:]*):/, (_, prefix: string) => (Object.hasOwn(meant, prefix) ? meant[prefix]! : ""));
  // a name that ends a sentence takes its full stop with it
  const named = pieces.filter(({ kind }) => kind === "name").map(({ text }) => text.replace(/\.+$/, ""));
  const isUnknown = (name: string): boolean => iriOf(name).startsWith(NAMESPACE) && !known.has(iriOf(name));
  return classes.length ? [...new Set(named)].filter(isUnknown) : [];
}
