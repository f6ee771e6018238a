/** Things that are drawn as lines: signings between agreements and guests, memberships of people in organisations. */

import { folds as FOLDS } from "../../../kgraph/base/palette.json";
import type { Edge, Interval, Network, Thing } from "../api";
import { LASTING } from "../axis";

interface Fold {
  hub: string;
  partners: readonly string[];
  title: string | null;
}

const folds = FOLDS as Record<string, Fold>;

/** A fact, or the line of a thing: `through` is the thing, `title` names the line. */
export type Stroke = Edge & { through?: string; title?: readonly string[] };

/** A thing that is drawn as a line, with the facts about it. */
export interface Folded {
  thing: Thing;
  facts: readonly Edge[];
}

export interface Composed {
  nodes: Thing[];
  edges: Stroke[];
  folded: Folded[];
  /** What is not drawn as itself: the folded things and what was linked with them only; and facts. */
  undrawn: { things: Thing[]; facts: Edge[] };
}

/** The network with lines in place of some things, except those of `kept`. What was linked with them only goes too. */
export function composed({ nodes, edges }: Pick<Network, "nodes" | "edges">, kept: ReadonlySet<string>): Composed {
  const folded = new Map<string, Folded & { facts: Edge[] }>();
  for (const thing of nodes) {
    if (folds[thing.kind] && !kept.has(thing.iri)) folded.set(thing.iri, { thing, facts: [] });
  }
  for (const edge of edges) for (const end of new Set([edge.source, edge.target])) folded.get(end)?.facts.push(edge);
  for (const [iri, one] of folded) {
    if (!one.facts.some(({ predicate }) => predicate === of(one).hub)) folded.delete(iri);
  }
  const rest = edges.filter(({ source, target }) => !folded.has(source) && !folded.has(target));
  const lines = joined([...folded.values()].sort(byKind).flatMap(strokes), rest);
  const behind = new Set(lines.filter(({ through }) => through).map(pair));
  const isBehind = (edge: Edge): boolean => !edge.asserted && edge.rule !== null && behind.has(pair(edge));
  const shown = [...rest.filter((edge) => !isBehind(edge)), ...lines];
  const linked = new Set(shown.flatMap(({ source, target }) => [source, target]));
  const facts = [...folded.values()].flatMap((one) => one.facts);
  const before = new Set(facts.flatMap(({ source, target }) => [source, target]));
  const isDrawn = ({ iri }: Thing): boolean =>
    !folded.has(iri) && (linked.has(iri) || kept.has(iri) || !before.has(iri));
  return {
    nodes: nodes.filter(isDrawn),
    edges: shown,
    folded: [...folded.values()],
    undrawn: { things: nodes.filter((thing) => !isDrawn(thing)), facts: [...facts, ...rest.filter(isBehind)] },
  };
}

const of = ({ thing }: Folded): Fold => folds[thing.kind]!;
const ORDER = Object.keys(folds);
const byKind = (one: Folded, other: Folded): number => ORDER.indexOf(one.thing.kind) - ORDER.indexOf(other.thing.kind);
const pair = ({ source, target }: Pick<Edge, "source" | "target">): string => [source, target].sort().join(" ");

/** The lines of a folded thing, from each hub to each partner. */
function strokes(one: Folded): Stroke[] {
  const { thing, facts } = one;
  const { hub, partners, title } = of(one);
  const other = ({ source, target }: Edge): string => (source === thing.iri ? target : source);
  const titles = facts.filter(({ predicate }) => predicate === title).map(other);
  return facts.filter(({ predicate }) => predicate === hub).flatMap((first) =>
    facts.filter(({ predicate }) => partners.includes(predicate)).map((second): Stroke => {
      const ends = title ? [other(second), other(first)] : [other(first), other(second)];
      const both = [first, second];
      return {
        source: ends[0]!, target: ends[1]!, predicate: second.predicate, through: thing.iri,
        title: titles.length ? titles : [second.predicate],
        asserted: both.every(({ asserted }) => asserted), rule: both.find(({ rule }) => rule)?.rule ?? null,
        disputed: both.some(({ disputed }) => disputed), single: both.every(({ single }) => single),
        places: both.flatMap(({ places }) => places), during: lasting(thing),
      };
    }));
}

/** When a line is drawn: while its thing lasts, or from the day on which it happened. */
const lasting = ({ kind, from, to }: Thing): Interval[] => [{ from, to: LASTING.has(kind) ? to : null }];

/** The lines without those that repeat: of a post that a membership tells, of a guest who signed. */
function joined(lines: readonly Stroke[], rest: readonly Edge[]): Stroke[] {
  const stated = new Set(rest.filter(({ asserted }) => asserted).map(pair));
  const kinds = new Map<string, string>();
  return lines.filter((line) => {
    const known = kinds.get(pair(line));
    if (stated.has(pair(line)) || (known && known !== line.predicate)) return false;
    kinds.set(pair(line), line.predicate);
    return true;
  });
}

/** Whether a fact leads from a thing that is drawn as a line to its other end, or names the line. */
export function farEnds(near: Iterable<Edge>, reached: ReadonlySet<string>,
    kindOf: (iri: string) => string | undefined): (edge: Edge) => boolean {
  const asked = new Map<string, Set<string>>();
  for (const { source, predicate, target } of near) {
    const thing = reached.has(source) ? target : source;
    const fold = folds[kindOf(thing) ?? ""];
    if (!fold) continue;
    const isHub = predicate === fold.hub;
    if (!isHub && !fold.partners.includes(predicate)) continue;
    const wanted = asked.get(thing) ?? new Set();
    asked.set(thing, wanted);
    for (const one of isHub ? fold.partners : [fold.hub]) wanted.add(one);
    if (fold.title) wanted.add(fold.title);
  }
  return ({ source, predicate, target }) =>
    [source, target].some((end) => asked.get(end)?.has(predicate));
}
