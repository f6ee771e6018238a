/** The state of the picture: sigma, the graph, the scene, and values derived from it. */

import type Sigma from "sigma";
import type { Graph, Visible } from "../graph";
import { aside, CROWD, type Mode } from "../look";
import type { Sector } from "../network/radial";
import type { Box } from "./labels";
import { degreesOf, mainOf, ranked } from "./ranking";

/** Pixels at the sides of the picture that something else covers or labels need. */
export type Insets = Record<"top" | "right" | "bottom" | "left", number>;

export interface Scene {
  visible: Visible;
  thing: string | null;
  fact: string | null;
  pinned: Readonly<Record<string, unknown>>;
  chain: readonly string[];
  /** The thing at the keyboard's cursor. */
  cursor: string | null;
  mode: Mode;
  name(iri: string): string;
  /** What stands at a mark, where that is not its name. */
  label?(iri: string): string;
  /** The groups of a neighbourhood, around the thing `focus`. */
  sectors?: readonly Sector[];
  focus?: string | null;
  /** Pixels at the sides in which labels would be hidden. */
  covered: Insets;
  /** Tools that stand in the picture. */
  covers?: readonly Box[];
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

export type Spot = Record<"x" | "y" | "radius", number>;

/** Computed once for a scene rather than for every mark. */
export function derived(graph: Graph, scene: Scene) {
  const { visible } = scene;
  const degrees = degreesOf(graph, visible);
  const main = visible.nodes.size > CROWD ? null : mainOf(graph, visible);
  const onChain = new Set(endsOf(graph, scene.chain));
  return {
    degrees,
    /** The cluster that the picture leads to. */
    main,
    /** The ends of the chain's facts. */
    onChain,
    disputed: [...visible.edges].filter((key) => graph.getEdgeAttribute(key, "disputed")),
    unknown: [...visible.nodes].filter((iri) => graph.getNodeAttribute(iri, "unknowns")),
    /** Things in the order in which their labels are placed. */
    ranking: ranked(graph, visible, degrees, onChain, main),
    /** Too many things or lines for shapes, heads and most labels. */
    isCrowd: visible.nodes.size > CROWD || visible.edges.size > CROWD,
  };
}

/** The things at the ends of those facts that the graph has. */
export const endsOf = (graph: Graph, facts: readonly string[]): string[] =>
  facts.flatMap((key) => (graph.hasEdge(key) ? graph.extremities(key) : []));

/** The position and radius of a thing on the screen, in pixels. */
export function spotOf({ sigma, graph }: Stage, iri: string): Spot | null {
  const shown = graph.hasNode(iri) ? sigma.getNodeDisplayData(iri) : undefined;
  return shown ? { ...sigma.framedGraphToViewport(shown), radius: sigma.scaleSize(shown.size) } : null;
}

export function lineOf(stage: Stage, key: string): [Spot, Spot] | null {
  const [one, other] = endsOf(stage.graph, [key]).map((iri) => spotOf(stage, iri));
  return one && other ? [one, other] : null;
}

/** The drawn line of a fact: beside its parallels. */
export function segmentOf(stage: Stage, key: string): readonly [number, number, number, number] | null {
  const [one, other] = lineOf(stage, key) ?? [];
  if (!one || !other) return null;
  const far = Math.hypot(other.x - one.x, other.y - one.y) || 1;
  const beside = aside(stage.graph.getEdgeAttributes(key));
  const [right, low] = [((other.y - one.y) / far) * beside, (-(other.x - one.x) / far) * beside];
  return [one.x + right, one.y + low, other.x + right, other.y + low];
}

type Chosen = readonly (string | null)[];

/** Redraws things with their edges, and facts. */
export function refresh({ sigma, graph }: Stage, things: Chosen, facts: Chosen = []): void {
  const nodes = things.filter((iri): iri is string => iri !== null && graph.hasNode(iri));
  const edges = new Set(facts.filter((key): key is string => key !== null && graph.hasEdge(key)));
  for (const iri of nodes) graph.forEachEdge(iri, (key) => void edges.add(key));
  sigma.refresh({ partialGraph: { nodes, edges: [...edges] }, skipIndexation: true });
}

export type Range = [number, number];

export const rangeOf = (values: readonly number[]): Range =>
  values.reduce<Range>(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [Infinity, -Infinity]);
