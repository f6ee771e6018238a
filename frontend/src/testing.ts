/** Things, facts and networks for tests. */

import type { Edge, Network, Thing } from "./api";

export const thing = (iri: string, more: Partial<Thing> = {}): Thing =>
  ({ iri, kind: "k", labels: {}, x: 0, y: 0, from: null, to: null, ...more });

export const fact = (source: string, predicate: string, target: string, more: Partial<Edge> = {}): Edge => ({
  source, predicate, target, asserted: true, rule: null, disputed: false, single: true, places: [], during: [], ...more,
});

/** A network of facts, with the things at their ends in order. */
export function network(edges: Edge[], things: Record<string, Partial<Thing>> = {}): Network {
  const ends = [...new Set(edges.flatMap(({ source, target }) => [source, target]))].sort();
  return { nodes: ends.map((iri) => thing(iri, things[iri])), edges, names: {} };
}
