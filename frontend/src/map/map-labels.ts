/** Names on the map that cover neither points nor each other. */

import { nothing, svg, type TemplateResult } from "lit-html";
import { type Box, overlap } from "../draw/labels";
import { LABEL } from "../look";

export type Point = [number, number];

export interface Circle {
  iri: string;
  name: string;
  things: number;
  at: Point;
  radius: number;
  /** Named even where the name covers another. */
  isSure: boolean;
}

const brush = document.createElement("canvas").getContext("2d")!;

function widthOf(text: string, size: number): number {
  brush.font = `${size}px ${LABEL.family}`;
  return brush.measureText(text).width;
}

/** A name beside each circle, in the order of their number of things; names without room are left out. */
export function labelsOf(circles: readonly Circle[]): { labels: Map<string, TemplateResult>; taken: Box[] } {
  const taken = circles.map(({ at: [x, y], radius: r }): Box => [x - r, y - r, x + r, y + r]);
  const labels = new Map<string, TemplateResult>();
  const inOrder = [...circles]
    .sort((one, other) => Number(other.isSure) - Number(one.isSure) || other.things - one.things);
  for (const circle of inOrder) {
    const found = sides(circle).find(({ box }) => circle.isSure || !taken.some((other) => overlap(box, other)));
    if (!found) continue;
    taken.push(found.box);
    const { dx, dy, anchor } = found;
    labels.set(circle.iri,
      svg`<text class="name" x=${dx} y=${dy} dy=".35em" text-anchor=${anchor}>${circle.name}</text>`);
  }
  return { labels, taken };
}

type Side = { dx: number; dy: number; anchor: "start" | "middle" | "end"; box: Box };

/** Right, left, above and below a circle. */
function sides({ name, at: [x, y], radius }: Circle): Side[] {
  const [width, height] = [widthOf(name, LABEL.size), LABEL.size];
  const [far, high] = [radius + 5, radius + height * 0.8];
  const shares = { start: 0, middle: 0.5, end: 1 };
  const side = (dx: number, dy: number, anchor: Side["anchor"]): Side => {
    const left = x + dx - width * shares[anchor];
    return { dx, dy, anchor, box: [left, y + dy - height / 2, left + width, y + dy + height / 2] };
  };
  return [side(far, 0, "start"), side(-far, 0, "end"), side(0, -high, "middle"), side(0, high, "middle")];
}

/** The names of the voivodeships in the sheet, moved away from places or left out. */
export const regionNames = (regions: readonly { name: string; at: Point }[], taken: readonly Box[],
    [left, top, right, bottom]: Box): unknown[] =>
  regions.map(({ name, at: [x, middle] }) => {
    const half = widthOf(name, LABEL.size - 1) / 2;
    const isFree = (y: number): boolean => {
      const box: Box = [x - half, y - 12, x + half, y + 4];
      const isInside = box[0] > left && box[1] > top && box[2] < right && box[3] < bottom;
      return isInside && !taken.some((other) => overlap(box, other));
    };
    const y = [0, -24, 24, -48, 48].map((dy) => middle + dy).find(isFree);
    return y === undefined ? nothing : svg`<text x=${x} y=${y} text-anchor="middle">${name}</text>`;
  });
