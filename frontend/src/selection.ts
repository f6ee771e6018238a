/** The chosen values of each facet, the same for network, table, map and timeline
 *  (kgraph/graph/faceting/selection.py). */

export const FACETS = ["kind", "form", "function", "status", "place", "year", "source", "relation"] as const;

export type Facet = (typeof FACETS)[number];
/** IRIs by facet; years as `2018`, or `2018/2020` for several. */
export type Selection = Readonly<Record<Facet, readonly string[]>>;

export const EVERYTHING = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as Selection;

export const isEverything = (selection: Selection): boolean => FACETS.every((facet) => selection[facet].length === 0);

export const isSame = (one: Selection, other: Selection): boolean =>
  one === other || JSON.stringify(chosen(one)) === JSON.stringify(chosen(other));

/** The chosen values with their facets, in order. */
export const chosen = (selection: Selection): [Facet, string][] =>
  FACETS.flatMap((facet) => selection[facet].map((value): [Facet, string] => [facet, value]));

/** A chosen value for people; `name` gives that of an IRI. */
export const chosenName = (facet: Facet, value: string, name: (iri: string) => string): string =>
  (facet === "year" ? value.replace("/", "–") : name(value));

/** The chosen values for people, in order. */
export const chosenNames = (selection: Selection, name: (iri: string) => string): string[] =>
  chosen(selection).map(([facet, value]) => chosenName(facet, value, name));

/** The selection with a value added, or taken away where it was chosen. */
export function toggled(selection: Selection, facet: Facet, value: string): Selection {
  const values = selection[facet];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return { ...selection, [facet]: next };
}

export const YEARS = /^(\d{4})(?:\/(\d{4}))?$/;

/** The first and the last chosen year; null when none is chosen. */
export function span(selection: Selection): [number, number] | null {
  const years = selection.year.flatMap((text) => text.split("/").map(Number));
  return years.length ? [Math.min(...years), Math.max(...years)] : null;
}

/** The chosen years one by one. */
export const yearsOf = (selection: Selection): string[] => selection.year.flatMap((text) => {
  const [first = 0, last = first] = text.split("/").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(4, "0"));
});
