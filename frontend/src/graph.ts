/** The graph of the picture: a multigraph merged from responses; the state determines the visible part. */

import { MultiDirectedGraph } from "graphology";
import type { Edge, Interval, Network, Thing } from "./api";
import type { Manner, State } from "./state";

const CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept";

/** A thing in the picture; `home` is its position in the layout, before it was dragged. */
export type Node = Thing & { home: readonly [number, number] } & Record<string, unknown>;
/** A fact; or with `through` the line of a thing, which is named by `title`. */
export type Line = Edge & { beside: number; through?: string; title?: readonly string[] } & Record<string, unknown>;
export type Graph = MultiDirectedGraph<Node, Line>;

export const empty = (): Graph => new MultiDirectedGraph<Node, Line>();

/** Equal facts of several responses have the same key. */
export const edgeKey = (edge: Pick<Edge, "source" | "predicate" | "target"> & { through?: string }): string =>
  `${edge.source}|${edge.through ?? edge.predicate}|${edge.target}`;

/** What a line is called: the relation, or the roles of the thing that it stands for. */
export const titleOf = ({ predicate, title }: Pick<Line, "predicate" | "title">): readonly string[] =>
  title ?? [predicate];

/** Adds a response; known things keep their position. Edges without both ends are left out.
 *  Responses count y downwards, as a page does, sigma upwards. */
export function merge(graph: Graph, network: Pick<Network, "nodes" | "edges" | "origin">,
    pins: State["pins"] = {}): void {
  const origin = network.origin && graph.hasNode(network.origin) ? graph.getNodeAttributes(network.origin) : null;
  for (const thing of network.nodes) {
    if (graph.hasNode(thing.iri)) continue;
    const place = [finite(thing.x), finite(-thing.y)] as const;
    const home = origin ? free(graph, [origin.x as number, origin.y as number], place) : place;
    const [x, y] = pins[thing.iri] ?? home;
    graph.addNode(thing.iri, { ...thing, x, y, home });
  }
  for (const edge of network.edges) {
    const key = edgeKey(edge);
    if (graph.hasEdge(key) || !graph.hasNode(edge.source) || !graph.hasNode(edge.target)) continue;
    const beside = graph.edges(edge.source, edge.target).length;
    graph.addDirectedEdgeWithKey(key, edge.source, edge.target, { ...edge, beside });
  }
}

/** Adds things in free places around one of the graph, or around its middle. */
export function roomBeside(graph: Graph, centre: string | null, things: readonly Thing[], pins: State["pins"]): void {
  const added = things.filter(({ iri }) => !graph.hasNode(iri));
  const here = centre && graph.hasNode(centre) ? graph.getNodeAttributes(centre) : { x: 0, y: 0 };
  for (const [index, thing] of added.entries()) {
    const turn = (2 * Math.PI * index) / added.length;
    const way = [ROOM * Math.cos(turn) * 1.5, ROOM * Math.sin(turn)] as const;
    const home = free(graph, [here.x as number, here.y as number], way);
    const [x, y] = pins[thing.iri] ?? home;
    graph.addNode(thing.iri, { ...thing, x, y, home });
  }
}

/** The least distance between things that were laid out in different responses. */
const ROOM = 110;

/** A free position for a thing that was laid out around another: in its direction, as near as possible. */
function free(graph: Graph, [left, bottom]: readonly [number, number],
    [x, y]: readonly [number, number]): readonly [number, number] {
  const reach = Math.hypot(x, y) || 1;
  for (let way = Math.max(reach, ROOM); ; way += ROOM / 2) {
    const [here, there] = [left + (x / reach) * way, bottom + (y / reach) * way];
    const isTaken =
      graph.someNode((_, node) => Math.hypot((node.x as number) - here, (node.y as number) - there) < ROOM);
    if (!isTaken) return [here, there];
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

export function manner(edge: Pick<Edge, "asserted" | "rule">): Manner {
  return edge.asserted ? "stated" : edge.rule ? "inferred" : "said";
}

/** Moves pinned things to their pins, and unpinned ones back to their positions in the layout. */
export function settle(graph: Graph, pins: State["pins"], before: State["pins"]): void {
  for (const iri of new Set([...Object.keys(pins), ...Object.keys(before)])) {
    if (!graph.hasNode(iri)) continue;
    const [x, y] = pins[iri] ?? graph.getNodeAttribute(iri, "home");
    graph.mergeNodeAttributes(iri, { x, y });
  }
}

export interface Visible {
  nodes: Set<string>;
  edges: Set<string>;
}

/** The part that passes the filters, of `among` if given. A thing without a remaining edge is left out, unless it is in
 *  `keep`. */
export function visible(graph: Graph, state: State, keep: ReadonlySet<string>,
    among: ReadonlySet<string> | null): Visible {
  const kinds = new Set(state.hidden.kinds);
  const relations = new Set(state.hidden.relations);
  const sources = new Set(state.hidden.sources);
  const manners = new Set<string>(state.hidden.manners);
  const possible = new Set<string>();
  graph.forEachNode((iri, thing) => {
    if (!kinds.has(thing.kind) && isPresent(thing, state.day) && (!among || among.has(iri))) possible.add(iri);
  });
  const [related, stated] = [new Set(state.selection.relation), new Set(state.selection.source)];
  const filtersEdges = relations.size + sources.size + manners.size + related.size + stated.size > 0;
  const nodes = new Set<string>(filtersEdges ? [] : possible);
  const edges = new Set<string>();
  graph.forEachEdge((key, edge, source, target) => {
    if (!possible.has(source) || !possible.has(target)) return;
    if (!isHeld(edge, state.day)) return;
    if (related.size && !related.has(edge.predicate)) return;
    if (stated.size && !edge.places.some((place) => stated.has(place.source))) return;
    if (relations.has(edge.predicate) || manners.has(manner(edge))) return;
    if (edge.places.length > 0 && edge.places.every((place) => sources.has(place.source))) return;
    edges.add(key);
    nodes.add(source).add(target);
  });
  for (const iri of keep) if (graph.hasNode(iri)) nodes.add(iri);
  return { nodes, edges };
}

/** Kinds of things that last from their first to their last day; others happened at some time between the two. */
export const LASTING: ReadonlySet<string> = new Set(
  ["http://www.w3.org/ns/org#Membership", "https://w3id.org/sekg/ns#StatusRecord", "https://w3id.org/sekg/ns#Cluster"]);

/** Whether a thing existed on a day (`absent` on the server). Events remain, as do things without dates. */
export function isPresent({ kind, from, to }: Pick<Thing, "kind" | "from" | "to">, day: string | null): boolean {
  return day === null || LASTING.has(kind) ? holds({ from, to }, day) : !(from && from > day);
}

const holds = ({ from, to }: Interval, day: string | null): boolean =>
  day === null || (!(from && from > day) && !(to && to < day.slice(0, to.length)));

/** Whether a fact held on a day: during one of its memberships; without any, always. */
export const isHeld = ({ during }: Pick<Edge, "during">, day: string | null): boolean =>
  !during.length || during.some((term) => holds(term, day));

/** The numbers of things and facts that are visible, and of the concepts among them, which no table lists. */
export function sizes(graph: Graph, { nodes, edges }: Visible): [number, number, number] {
  const kindOf = (iri: string): string | null => (graph.hasNode(iri) ? graph.getNodeAttribute(iri, "kind") : null);
  return [nodes.size, edges.size, [...nodes].filter((iri) => kindOf(iri) === CONCEPT).length];
}

/** What is selected: the things, and those of the chosen kinds if kinds are chosen. */
export interface Chosen {
  readonly things: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string> | null;
}

/** The selected things and their direct neighbours; of chosen kinds only, where kinds are chosen. */
export function around(graph: Graph, { things, kinds }: Chosen): Set<string> {
  const found = new Set<string>();
  for (const iri of things) {
    found.add(iri);
    const near = graph.hasNode(iri) ? graph.neighbors(iri) : [];
    for (const other of near) if (!kinds || kinds.has(other)) found.add(other);
  }
  // a selected thing that is drawn as a line needs its ends
  graph.forEachEdge((_, { through }, source, target) => {
    if (through && things.has(through)) found.add(source).add(target);
  });
  return found;
}

/** Each value with its count, most frequent first. */
export function counts(values: Iterable<string>): [string, number][] {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

/** First and last day in the graph and in `besides`; null without dates. */
export function span(graph: Graph, besides: readonly Interval[] = []): [string, string] | null {
  const dated: Interval[] =
    [...besides, ...graph.mapNodes((_, thing) => thing), ...graph.mapEdges((_, edge) => edge.during).flat()];
  const days = dated.flatMap(({ from, to }) => [from && firstDay(from), to && lastDay(to)])
    .filter((day) => day !== null && day !== "").sort();
  const [first, last] = [days[0], days.at(-1)];
  return first && last ? [first, last] : null;
}

const firstDay = (text: string): string => (/^\d{4}$/.test(text) ? `${text}-01-01` : text);
export const lastDay = (text: string): string => (/^\d{4}$/.test(text) ? `${text}-12-31` : text);
