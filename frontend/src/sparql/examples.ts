/** Sample queries; their titles are in the catalogue of words. */

import { withValues } from "./tokens";

export const SAMPLES = {
  classes: `SELECT ?kind (COUNT(?thing) AS ?count) WHERE {
  ?thing a ?kind .
}
GROUP BY ?kind
ORDER BY DESC(?count)`,
  people: `SELECT ?person ?role ?organisation WHERE {
  ?post org:member ?person ;
        org:organization ?organisation ;
        org:role ?role .
}
ORDER BY ?person`,
  triples: `CONSTRUCT { ?agreement se:hasSignatory ?signatory }
WHERE { ?agreement se:hasSignatory ?signatory }`,
} as const;

export const SAMPLE_NAMES = Object.keys(SAMPLES) as (keyof typeof SAMPLES)[];

/** A question's query without its header, with labels in the chosen language. */
export const inLanguage = (sparql: string, lang: string): string =>
  withValues(sparql.replace(/^#\+.*\n/gm, "").trim(), (name) => (name === "lang" ? `"${lang}"` : undefined));

/** The first words of a query after its prologue, for a menu. */
export function firstWords(query: string): string {
  const lines = query.split("\n").map((line) => line.trim()).filter((line) => line && !/^(#|PREFIX|BASE)/i.test(line));
  return lines.join(" ").slice(0, 90) || query.slice(0, 90);
}
