/** The importance of visible things, by which their labels are placed. */

import type { Graph, Visible } from "../graph";
import { markOf } from "../look";

/** How many things of the highest rank are labelled even in narrow places. */
export const IMPORTANT = 12;

/** The number of visible edges of each thing. */
export function degreesOf(graph: Graph, { edges }: Visible): Map<string, number> {
  const degrees = new Map<string, number>();
  for (const key of edges) for (const end of graph.extremities(key)) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return degrees;
}

/** The visible things, those of `first` first; then by kind, by degree, and by the degree of their best neighbour. */
export function ranked(graph: Graph, { nodes, edges }: Visible, degrees: ReadonlyMap<string, number>,
    first: ReadonlySet<string>): string[] {
  const beside = new Map<string, number>();
  const raise = (iri: string, degree: number): void => void beside.set(iri, Math.max(beside.get(iri) ?? 0, degree));
  for (const key of edges) {
    const [source, target] = graph.extremities(key);
    raise(source, degrees.get(target) ?? 0);
    raise(target, degrees.get(source) ?? 0);
  }
  const weight = (iri: string): number => {
    const { size } = markOf(graph.getNodeAttribute(iri, "kind"));
    return size + (degrees.get(iri) ?? 0) + (beside.get(iri) ?? 0) / 2 + (first.has(iri) ? 1000 : 0);
  };
  const weights = new Map([...nodes].map((iri) => [iri, weight(iri)]));
  return [...weights.keys()].sort((one, other) => weights.get(other)! - weights.get(one)! || (one < other ? -1 : 1));
}
