/** The network of an answer: its triples, or the facts among its things and pairs of things of one row. */

import type { Edge, Network, Thing } from "../api";
import { type App, isThing } from "../app";
import { isIri } from "../dictionary";
import { hasWebgl } from "../dom";
import { edgeKey } from "../graph";
import { type Answer, irisIn, triplesOf } from "./answer";

export type Linked = Pick<Network, "nodes" | "edges">;

/** The predicate of two things that only stand in one row. */
export const SAME_ROW = "answer:same-row";

const OTHER = "http://www.w3.org/2000/01/rdf-schema#Resource";
/** Larger networks are not spread. */
const FEW = 200;
const PASSES = 30;

export const thingsIn = (answer: Answer): string[] => irisIn(answer).filter(isThing);

/** Why an answer cannot be drawn as a network, in words, or null. Loads the graph only where no row has two things. */
export async function whyNotDrawn(app: App, answer: Answer, about: readonly string[]): Promise<string | null> {
  const words = app.words().forms;
  if (!hasWebgl()) return app.words().noWebgl;
  if ((triplesOf(answer) ? tripleEdges(answer) : rowEdges(answer)).length) return null;
  if (triplesOf(answer)) return words.noLinks;
  if (!thingsIn(answer).length || named(answer, about).length < 2) return words.noThings;
  return linked(answer, await app.source.whole(), about).edges.length ? null : words.noLinks;
}

/** The things of an answer and of its question. */
const named = (answer: Answer, about: readonly string[]): string[] =>
  [...new Set([...thingsIn(answer), ...about.filter(isThing)])];

/** The network of an answer and its question; the whole graph gives evidence, facts and positions. */
export function linked(answer: Answer, whole: Linked, about: readonly string[] = []): Linked {
  const known = new Map(whole.edges.map((edge) => [edgeKey(edge), edge]));
  const edges = triplesOf(answer) ? tripleEdges(answer).map((edge) => known.get(edgeKey(edge)) ?? edge)
    : rowsAndFacts(answer, whole.edges, named(answer, about));
  const ends = edges.flatMap(({ source, target }) => [source, target]);
  const things = [...new Set([...(triplesOf(answer) ? [] : thingsIn(answer)), ...ends])];
  return { edges, nodes: apart(placed(things, edges, whole.nodes)) };
}

function tripleEdges(answer: Answer): Edge[] {
  return (triplesOf(answer) ?? []).flatMap(([subject, predicate, object]) =>
    isIri(subject) && isIri(predicate) && isIri(object)
      ? [{ ...BARE, source: subject.iri, predicate: predicate.iri, target: object.iri, asserted: true }] : []);
}

/** The facts among the things, and rows whose things no fact links. */
function rowsAndFacts(answer: Answer, facts: readonly Edge[], things: readonly string[]): Edge[] {
  const own = new Set(things);
  const among = facts.filter((edge) => own.has(edge.source) && own.has(edge.target) && (edge.asserted || edge.rule));
  const joined = new Set(among.flatMap(({ source, target }) => [`${source} ${target}`, `${target} ${source}`]));
  return [...among, ...rowEdges(answer).filter(({ source, target }) => !joined.has(`${source} ${target}`))];
}

/** The first thing of each row paired with each other thing of the row, without repeats. */
function rowEdges({ rows }: Answer): Edge[] {
  const pairs = new Map<string, Edge>();
  for (const row of rows) {
    const [first, ...others] = row.flatMap((term) => (term && isIri(term) && isThing(term.iri) ? [term.iri] : []));
    for (const other of others) if (first && first !== other) pairs.set([first, other].sort().join(" "),
      { ...BARE, source: first, predicate: SAME_ROW, target: other });
  }
  return [...pairs.values()];
}

const BARE = { during: [], asserted: false, rule: null, disputed: false, single: true, places: [] };

/** Pushes things apart that would overlap, because the positions are those of the whole graph. */
function apart(things: readonly Thing[]): Thing[] {
  if (things.length > FEW) return [...things];
  const spots = things.map(({ x, y }) => ({ x, y }));
  const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const gap = Math.max(extent(spots.map(({ x }) => x)), 1.5 * extent(spots.map(({ y }) => y)), 1) / 16;
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const [index, one] of spots.entries()) for (const other of spots.slice(0, index)) part(one, other, gap);
  }
  return things.map((thing, index) => ({ ...thing, ...spots[index] }));
}

/** Moves two spots apart up to a gap; coinciding ones along an arbitrary line. */
function part(one: { x: number; y: number }, other: { x: number; y: number }, gap: number): void {
  const [dx, dy] = [one.x - other.x || 0.01, one.y - other.y];
  const far = Math.hypot(dx, dy);
  if (far >= gap) return;
  const push = (gap - far) / far / 2;
  one.x += dx * push;
  one.y += dy * push;
  other.x -= dx * push;
  other.y -= dy * push;
}

/** Things at their positions in the whole graph, else in a spiral around the first neighbour that has one. */
function placed(mentioned: readonly string[], edges: readonly Edge[], known: readonly Thing[]): Thing[] {
  const all = new Map(known.map((thing) => [thing.iri, thing]));
  const near = new Map<string, string>();
  for (const { source, target } of edges) {
    if (all.has(target) && !near.has(source)) near.set(source, target);
    if (all.has(source) && !near.has(target)) near.set(target, source);
  }
  return mentioned.map((iri, index) => {
    const centre = all.get(near.get(iri) ?? "") ?? { x: 0, y: 0 };
    const [angle, distance] = [index * 2.399963, 60 + 12 * Math.sqrt(index)];
    return all.get(iri) ?? { iri, kind: OTHER, labels: {}, x: centre.x + distance * Math.cos(angle),
      y: centre.y + distance * Math.sin(angle), from: null, to: null };
  });
}
