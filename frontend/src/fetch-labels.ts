/** Labels for terms that a response mentions without labels. */

import type { Names, Results } from "./api";
import type { App } from "./app";

const PORTION = 400;
const SAFE = /^[^<>"{}|\\^`\s]+$/;

export async function fetchLabels(app: App, iris: Iterable<string>): Promise<void> {
  const unknown = [...new Set(iris)].filter((iri) => SAFE.test(iri) && !app.dictionary.isNamed(iri));
  for (let from = 0; from < unknown.length; from += PORTION) {
    const { text } =
      await app.source.sparql(called(unknown.slice(from, from + PORTION)), "application/sparql-results+json");
    app.dictionary.learn(namesIn(JSON.parse(text) as Results));
  }
}

/** The names (`?name`) of terms (`?term`) in every language: labels of things, titles of sources. */
const called = (iris: readonly string[]): string => `SELECT ?term ?name WHERE {
  VALUES ?term { ${iris.map((iri) => `<${iri}>`).join(" ")} }
  ?term <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://purl.org/dc/terms/title> ?name
}`;

function namesIn(found: Results): Names {
  const names: Names = {};
  for (const { term, name } of found.results?.bindings ?? []) {
    if (!term || !name) continue;
    names[term.value] = { ...names[term.value], [name["xml:lang"] ?? "und"]: name.value };
  }
  return names;
}
