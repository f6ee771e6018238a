/** The importance of visible things, by which their labels are placed. */

import { GROUP, isRegion } from "../api";
import type { Graph, Visible } from "../graph";
import { markOf } from "../look";

const CLUSTER = "https://w3id.org/sekg/ns#Cluster";
const isCluster = (graph: Graph, iri: string): boolean =>
  graph.getNodeAttribute(iri, "kind") === CLUSTER && !iri.startsWith(GROUP);
/** Clusters are what the graph is about, regions what a large one is divided into: they always have a label. */
export const isFirst = (graph: Graph, iri: string): boolean => isRegion(iri) || isCluster(graph, iri);

/** The cluster of which most is said by several sources, itself and beside it; null without a cluster. */
export function mainOf(graph: Graph, { nodes }: Visible): string | null {
  const said = (iri: string): number =>
    [...new Set([iri, ...graph.neighbors(iri)].flatMap((near) => graph.edges(near)))]
      .filter((key) => !graph.getEdgeAttribute(key, "single")).length;
  const clusters = [...nodes].filter((iri) => isCluster(graph, iri)).slice(0, MANY);
  const counts = new Map(clusters.map((iri) => [iri, said(iri)]));
  return clusters.sort((one, other) => counts.get(other)! - counts.get(one)! || (one < other ? -1 : 1))[0] ?? null;
}

/** The most clusters that are compared. */
const MANY = 50;

/** How many things of the highest rank are labelled even in narrow places. */
export const IMPORTANT = 12;

/** The number of visible edges of each thing. */
export function degreesOf(graph: Graph, { edges }: Visible): Map<string, number> {
  const degrees = new Map<string, number>();
  for (const key of edges) for (const end of graph.extremities(key)) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return degrees;
}

/** The visible things: those of `first`, then `main`, then clusters; then by kind, by degree, and by the degree of
 *  their best neighbour. */
export function ranked(graph: Graph, { nodes, edges }: Visible, degrees: ReadonlyMap<string, number>,
    first: ReadonlySet<string>, main: string | null = null): string[] {
  const beside = new Map<string, number>();
  const raise = (iri: string, degree: number): void => void beside.set(iri, Math.max(beside.get(iri) ?? 0, degree));
  for (const key of edges) {
    const [source, target] = graph.extremities(key);
    raise(source, degrees.get(target) ?? 0);
    raise(target, degrees.get(source) ?? 0);
  }
  const weight = (iri: string): number => {
    const kind = graph.getNodeAttribute(iri, "kind");
    const weight = markOf(kind).size + (degrees.get(iri) ?? 0) + (beside.get(iri) ?? 0) / 2;
    return weight + (isFirst(graph, iri) ? 200 : 0) + (first.has(iri) ? 1000 : 0) + (iri === main ? 500 : 0);
  };
  const weights = new Map([...nodes].map((iri) => [iri, weight(iri)]));
  return [...weights.keys()].sort((one, other) => weights.get(other)! - weights.get(one)! || (one < other ? -1 : 1));
}
