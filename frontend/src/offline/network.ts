/** Neighbourhoods and chains in the whole network, as on the server (kgraph/graph/network/networks.py). */

import { UndirectedGraph } from "graphology";
import { bidirectional } from "graphology-shortest-path/unweighted.js";
import { type Binding, type Edge, type Network, type Results, STATED } from "../api";
import { isHeld, isPresent } from "../graph";
import { farEnds } from "../network/folding";

/** Kinds of things that link nearly everything, so that a chain through them says nothing. */
const NOT_STEPPED_THROUGH: ReadonlySet<string> = new Set([
  "http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/ns/org#Role",
  "http://purl.org/dc/terms/Location", "http://data.europa.eu/m8g/AdminUnit",
]);

/** The things within `depth` steps of `focus`, in either direction; without `focus` when nothing is linked to it.
 *  What is drawn as a line is no step of its own: its other end is there too. */
export function neighbourhood(whole: Network, focus: string, depth: number): Network {
  const kinds = new Map(whole.nodes.map(({ iri, kind }) => [iri, kind]));
  let reached = new Set([focus]);
  let edges: Edge[] = [];
  for (let step = 0; step < depth; step += 1) {
    const near = new Set(whole.edges.filter(({ source, target }) => reached.has(source) || reached.has(target)));
    const beyond = farEnds(near, reached, (iri) => kinds.get(iri));
    edges = whole.edges.filter((edge) => near.has(edge) || beyond(edge));
    reached = endsOf(edges).add(focus);
  }
  return { nodes: whole.nodes.filter(({ iri }) => reached.has(iri)), edges, names: whole.names };
}

/** The part for chains as of a day: stated facts between things that existed on it. */
export function asOf({ nodes, edges, names }: Network, day: string): Network {
  const present = new Set(nodes.filter((thing) => isPresent(thing, day)).map(({ iri }) => iri));
  const isUsable = (edge: Edge): boolean =>
    edge.asserted && present.has(edge.source) && present.has(edge.target) && isHeld(edge, day);
  return { nodes: nodes.filter(({ iri }) => present.has(iri)), edges: edges.filter(isUsable), names };
}

/** The facts on a shortest path between two things, in the order of its steps; null when there is none. */
export function chain(whole: Network, from: string, to: string): Network | null {
  const steps = stepsOf(whole, new Set([from, to]));
  const graph = graphOf(steps.values());
  // networkx finds the same one of several shortest paths: both search from both ends, the smaller side first
  const path = graph.hasNode(from) && graph.hasNode(to) ? bidirectional(graph, from, to) : null;
  if (!path) return null;
  const edges = path.slice(1).map((thing, index) => steps.get(between(path[index]!, thing))!);
  const ends = endsOf(edges);
  return { nodes: whole.nodes.filter(({ iri }) => ends.has(iri)), edges, names: whole.names };
}

const endsOf = (edges: readonly Edge[]): Set<string> =>
  new Set(edges.flatMap(({ source, target }) => [source, target]));

/** A key for two things in either order; no IRI has a space. */
const between = (one: string, other: string): string => (one < other ? `${one} ${other}` : `${other} ${one}`);

/** The fact for each step between two things: a stated one before an inferred one. */
function stepsOf({ nodes, edges }: Network, ends: ReadonlySet<string>): Map<string, Edge> {
  const passable = new Set(ends);
  for (const { iri, kind } of nodes) if (!NOT_STEPPED_THROUGH.has(kind)) passable.add(iri);
  const isUsable = ({ source, target, asserted, rule }: Edge): boolean =>
    source !== target && passable.has(source) && passable.has(target) && (asserted || rule !== null);
  const steps = new Map<string, Edge>();
  for (const edge of edges.filter(isUsable).sort(byTrust)) {
    const step = between(edge.source, edge.target);
    if (!steps.has(step)) steps.set(step, edge);
  }
  return new Map([...steps].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const key = ({ source, predicate, target }: Edge): string => `${source} ${predicate} ${target}`;
const byTrust = (one: Edge, other: Edge): number =>
  Number(other.asserted) - Number(one.asserted) || (key(one) < key(other) ? -1 : 1);

function graphOf(steps: Iterable<Edge>): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (const { source, target } of steps) graph.mergeEdge(source, target);
  return graph;
}

const INTEGER = "http://www.w3.org/2001/XMLSchema#integer";
const uri = (value: string): Binding[string] => ({ type: "uri", value });

/** A chain as rows of the question `chain`. */
export const chainRows = ({ edges }: Network): Results => ({
  head: { vars: ["step", "subject", "predicate", "object", "source", "words"] },
  results: { bindings: edges.map((edge, at) => ({ step: { type: "literal", value: String(at + 1), datatype: INTEGER },
    subject: uri(edge.source), predicate: uri(edge.predicate), object: uri(edge.target), ...witness(edge) })) },
});

/** The source of a step: the first place with words that states it, else the first that states it, else its rule. */
function witness({ places, rule }: Edge): Binding {
  const stated = places.filter(({ status }) => status === STATED);
  const first = stated.find(({ words }) => words !== null) ?? stated[0];
  if (!first) return { source: { type: "literal", value: rule ?? "" } };
  return { source: uri(first.source),
    ...(first.words === null ? {} : { words: { type: "literal", value: first.words } }) };
}
