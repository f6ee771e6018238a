/** What the parts of the picture share: sigma, the graph, what is shown of it, and what follows from that. */

import type Sigma from "sigma";
import type { Graph, Visible } from "../graph";
import { CROWD, type Mode } from "../look";
import { degreesOf, ranked } from "./ranking";

/** Pixels at the sides of the picture that something else covers or labels need. */
export type Insets = Record<"top" | "right" | "bottom" | "left", number>;

/** What the picture shows. */
export interface Scene {
  visible: Visible;
  thing: string | null;
  fact: string | null;
  /** Things that stay where the reader put them. */
  pinned: Readonly<Record<string, unknown>>;
  chain: readonly string[];
  /** Where the keyboard is. */
  cursor: string | null;
  mode: Mode;
  name(iri: string): string;
  /** Where labels would not be seen. */
  covered: Insets;
}

export interface Shown extends ReturnType<typeof derived> {
  readonly graph: Graph;
  scene: Scene;
  hovered: string | null;
}

export interface Stage extends Shown {
  readonly sigma: Sigma;
  readonly container: HTMLElement;
}

export interface Spot {
  x: number;
  y: number;
  radius: number;
}

/** Computed once for a scene rather than for every mark. */
export function derived(graph: Graph, scene: Scene) {
  const { visible } = scene;
  const degrees = degreesOf(graph, visible);
  const onChain = new Set(endsOf(graph, scene.chain));
  return {
    degrees,
    /** The ends of the chain's facts. */
    onChain,
    disputed: [...visible.edges].filter((key) => graph.getEdgeAttribute(key, "disputed")),
    unknown: [...visible.nodes].filter((iri) => graph.getNodeAttribute(iri, "unknowns")),
    /** Things in the order in which their labels are placed. */
    ranking: ranked(graph, visible, degrees, onChain),
    /** Too many things or lines for shapes, heads and most labels. */
    isCrowd: visible.nodes.size > CROWD || visible.edges.size > CROWD,
  };
}

/** The things at the ends of those facts that the graph has. */
export const endsOf = (graph: Graph, facts: readonly string[]): string[] =>
  facts.flatMap((key) => (graph.hasEdge(key) ? graph.extremities(key) : []));

/** Where a thing is on the screen, in pixels. */
export function spotOf({ sigma, graph }: Stage, iri: string): Spot | null {
  const shown = graph.hasNode(iri) ? sigma.getNodeDisplayData(iri) : undefined;
  return shown ? { ...sigma.framedGraphToViewport(shown), radius: sigma.scaleSize(shown.size) } : null;
}

/** The two ends of a line on the screen. */
export function lineOf(stage: Stage, key: string): [Spot, Spot] | null {
  const [one, other] = endsOf(stage.graph, [key]).map((iri) => spotOf(stage, iri));
  return one && other ? [one, other] : null;
}

type Chosen = readonly (string | null)[];

/** Draw these things with their lines, and these facts, again. */
export function refresh({ sigma, graph }: Stage, things: Chosen, facts: Chosen = []): void {
  const nodes = things.filter((iri): iri is string => iri !== null && graph.hasNode(iri));
  const edges = new Set(facts.filter((key): key is string => key !== null && graph.hasEdge(key)));
  for (const iri of nodes) graph.forEachEdge(iri, (key) => void edges.add(key));
  sigma.refresh({ partialGraph: { nodes, edges: [...edges] }, skipIndexation: true });
}

export type Range = [number, number];

/** The least and the greatest of some numbers. */
export const rangeOf = (values: readonly number[]): Range =>
  values.reduce<Range>(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [Infinity, -Infinity]);
