/** A neighbourhood laid out for itself: the thing in the middle, the others around it, grouped by relation. */

import type { Stroke } from "./folding";

type Place = readonly [x: number, y: number];

/** Neighbours that one relation links with the middle, and where its label stands. */
export interface Sector {
  predicate: string;
  /** The kind of the things that are drawn as these lines and name each; null where the relation names them all. */
  through: string | null;
  members: readonly string[];
  at: Place;
}

export interface Radial {
  places: Map<string, Place>;
  sectors: Sector[];
}

/** The room of a thing with its label, across and down. */
const ROOM = { x: 200, y: 74 };
/** The width of the oval by its height. */
const ASPECT = 1.5;
/** Room between two groups, in things. */
const GAP = 0.7;
/** The most things in one ring. */
const RING = 36;
const LEAST = 190;
/** Where the label of a group stands on the way from the middle. */
const OUT = 0.56;
const STEPS = 1440;

/** Positions around `focus`; things without a line to it stand with the neighbour that they are linked with. */
export function radial(focus: string, things: readonly string[], lines: readonly Stroke[],
    kindOf: (through: string) => string): Radial {
  const groups = grouped(focus, things, lines, kindOf);
  const order = groups.flatMap(({ members }, at) => members.map((iri, index) => ({ iri, at, isFirst: index === 0 })));
  const rings = Math.ceil(order.length / RING);
  const slots: number[] = [];
  for (const [index, { isFirst }] of order.entries()) {
    slots.push((slots.at(-1) ?? 0) + (index === 0 ? 0 : isFirst && groups.length > 1 ? 1 + GAP : 1));
  }
  const used = (slots.at(-1) ?? 0) + 1 + (groups.length > 1 ? GAP : 0);
  const total = Math.ceil(used / rings) * rings; // so that the last thing of a ring is clear of its first
  const height = heightFor(Math.max(total / rings, 4));
  const outline = ovalBy(height);
  const places = new Map<string, Place>([[focus, [0, 0]]]);
  for (const [index, { iri }] of order.entries()) {
    const far = 1 + (rings > 1 ? ((index % rings) * 1.5 * ROOM.x) / (height * ASPECT) : 0);
    const [x, y] = outline(slots[index]! / total);
    places.set(iri, [Math.round(x * far), Math.round(y * far)]);
  }
  const sectors = groups.filter(({ predicate }) => predicate).map(({ predicate, through, members }): Sector => {
    const [x, y] = [0, 1].map((axis) =>
      (members.reduce((sum, iri) => sum + places.get(iri)![axis]!, 0) / members.length) * OUT) as [number, number];
    return { predicate, through, members, at: [x, y] };
  });
  return { places, sectors };
}

interface Group {
  predicate: string;
  through: string | null;
  members: string[];
}

/** The neighbours by relation, in a stable order; what is farther away stands in the group of what leads to it. */
function grouped(focus: string, things: readonly string[], lines: readonly Stroke[],
    kindOf: (through: string) => string): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = new Map<string, Group>();
  const sorted = [...lines].sort((one, other) =>
    Number(other.asserted) - Number(one.asserted) || (key(one) < key(other) ? -1 : 1));
  for (const line of sorted) {
    const { source, target, predicate, through, title } = line;
    const other = source === focus ? target : target === focus ? source : null;
    if (!other || other === focus || groupOf.has(other)) continue;
    const kind = through && title?.[0] !== predicate ? kindOf(through) : null;
    const name = kind ?? `${source === focus} ${predicate}`;
    const group = groups.get(name) ?? { predicate, through: kind, members: [] };
    groups.set(name, group);
    groupOf.set(other, group);
    group.members.push(other);
  }
  for (const group of groups.values()) group.members.sort();
  const far = { predicate: "", through: null, members: [] as string[] };
  for (const iri of things) if (iri !== focus && !groupOf.has(iri)) placeBeside(iri, lines, groupOf, far);
  return [...groups.values(), ...(far.members.length ? [far] : [])].sort((one, other) =>
    other.members.length - one.members.length || (one.predicate < other.predicate ? -1 : 1));
}

/** Puts a thing that is not linked with the middle next to one that is. */
function placeBeside(iri: string, lines: readonly Stroke[], groupOf: Map<string, Group>, far: Group): void {
  const beside = lines.map(({ source, target }) => (source === iri ? target : target === iri ? source : null))
    .find((end) => end !== null && groupOf.has(end));
  const group = beside ? groupOf.get(beside)! : far;
  group.members.splice(beside ? group.members.indexOf(beside) + 1 : group.members.length, 0, iri);
}

const key = ({ source, predicate, target }: Stroke): string => `${predicate} ${source} ${target}`;

/** Half the height of an oval on whose outline so many things have room. */
const heightFor = (count: number): number => Math.max(LEAST, count / lengthBy(1));

/** The length of an oval's outline in rooms of things. */
function lengthBy(height: number): number {
  let length = 0;
  for (let step = 0; step < STEPS; step += 1) length += room(height, step);
  return length;
}

/** The length of one step along the outline, in rooms: things beside each other need more than things below. */
function room(height: number, step: number): number {
  const [one, other] = [point(height, step), point(height, step + 1)];
  return Math.hypot((other[0] - one[0]) / ROOM.x, (other[1] - one[1]) / ROOM.y);
}

/** A point of the outline; the first is at the top, the others follow clockwise. */
function point(height: number, step: number): Place {
  const turn = (2 * Math.PI * step) / STEPS - Math.PI / 2;
  return [height * ASPECT * Math.cos(turn), height * Math.sin(turn)];
}

/** The outline as a function: from the share of its length, measured in rooms, to a point. */
function ovalBy(height: number): (share: number) => Place {
  const lengths = [0];
  for (let step = 0; step < STEPS; step += 1) lengths.push(lengths[step]! + room(height, step));
  return (share) => point(height, Math.max(0, lengths.findIndex((length) => length >= share * lengths[STEPS]!)));
}
