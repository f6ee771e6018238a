/** Points that would overlap at a zoom level, drawn as one. */

import type { Point } from "./map-labels";

export interface Placed {
  iri: string;
  things: number;
  at: Point;
}

export interface Cluster<P extends Placed> {
  /** The point with most things, around which the others are. */
  first: P;
  members: P[];
  things: number;
}

/** Groups points so that no two groups are nearer than `room` pixels; those with most things, and the chosen, stay. */
export function clustered<P extends Placed>(points: readonly P[], room: number, chosen: string | null): Cluster<P>[] {
  const order = [...points].sort((one, other) =>
    Number(other.iri === chosen) - Number(one.iri === chosen) || other.things - one.things
      || (one.iri < other.iri ? -1 : 1));
  const cells = new Map<string, Cluster<P>[]>();
  const found: Cluster<P>[] = [];
  for (const point of order) {
    const [column, row] = point.at.map((side) => Math.floor(side / room)) as [number, number];
    const near = around(column, row).flatMap((key) => cells.get(key) ?? [])
      .filter(({ first }) => distance(first.at, point.at) < room)
      .sort((one, other) => distance(one.first.at, point.at) - distance(other.first.at, point.at))[0];
    if (near) {
      near.members.push(point);
      near.things += point.things;
      continue;
    }
    const cluster = { first: point, members: [point], things: point.things };
    found.push(cluster);
    const key = `${column} ${row}`;
    cells.set(key, [...(cells.get(key) ?? []), cluster]);
  }
  return found;
}

const around = (column: number, row: number): string[] =>
  [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${column + dx} ${row + dy}`));

const distance = ([x, y]: Point, [left, top]: Point): number => Math.hypot(x - left, y - top);
