/** Placement of labels without collisions: the important ones first, those without room left out. */

import { shortened } from "../dom";
import { LABEL } from "../look";

export interface Wanted {
  id: string;
  text: string;
  /** Middle and radius of the mark, in pixels; with a negative radius the label is put on the middle. */
  x: number;
  y: number;
  radius: number;
  /** Drawn even where it collides. */
  isForced: boolean;
  /** Tried in narrow lines too, and close to marks, before it is left out. */
  isImportant?: boolean;
}

export interface Placed {
  id: string;
  lines: string[];
  /** Middle of the first line. */
  x: number;
  y: number;
  align: "center" | "left" | "right";
}

export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A name in lines of about `longest` characters. */
export function wrapped(text: string, longest: number, most: number = LABEL.lines): string[] {
  const lines: string[] = [""];
  for (const word of shortened(text, longest * most * 2).split(/\s+/)) {
    const last = lines.length - 1;
    const line = `${lines[last]} ${word}`.trim();
    if (line.length <= longest || !lines[last]) lines[last] = shortened(line, longest);
    else lines.push(shortened(word, longest));
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]}…`];
}

/** A line that labels avoid. */
export type Line = readonly [x1: number, y1: number, x2: number, y2: number];

export interface Sheet extends Record<"left" | "top" | "right" | "bottom", number> {
  marks: readonly Wanted[];
  lines: readonly Line[];
  /** The width of a line in pixels. */
  measure: (line: string) => number;
  /** The most labels, forced ones aside. */
  most: number;
  /** The characters of a line. */
  longest: number;
}

/** The share of a mark's radius that an important label keeps clear: marks do not fill their squares. */
const CLOSE = 0.7;
/** With more marks or lines, labels only avoid each other. */
const MANY = 400;

/** Positions for labels in their order: inside the sheet, clear of labels and marks, on few lines. */
export function place(wanted: readonly Wanted[], sheet: Sheet): Placed[] {
  const taken: Box[] = [];
  const marks = sheet.marks.length <= MANY ? sheet.marks : [];
  const lines = sheet.lines.length <= MANY ? sheet.lines : [];
  const placed: Placed[] = [];
  for (const label of wanted) {
    if (placed.length >= sheet.most && !label.isForced) continue;
    const usual = options(label, sheet, sheet.longest);
    const clear = (some: readonly Option[], share: number): Option[] =>
      some.filter(({ box }) => isInside(box, sheet) && !taken.some((other) => overlap(box, other))
        && !marks.some((mark) => mark.id !== label.id && overlap(box, boxOf(mark, share))));
    const best = (some: readonly Option[]): Option | undefined => {
      const costs = some.map(({ box }, index) => lines.filter((line) => crosses(line, box)).length + index * 0.3);
      return some[costs.indexOf(Math.min(...costs))];
    };
    const found =
      best(clear(usual, 1))
      ?? (label.isImportant ? best(clear([...usual, ...options(label, sheet, LABEL.short)], CLOSE)) : undefined)
      ?? (label.isForced ? leastCrowded(usual, taken, sheet) : undefined);
    if (!found) continue;
    taken.push(found.box);
    placed.push({ id: label.id, lines: found.rows, x: found.x, y: found.box[1] + LABEL.leading / 2,
      align: found.align });
  }
  return placed;
}

/** The option that covers the fewest labels, for a label that must be drawn. */
function leastCrowded(options: readonly Option[], taken: readonly Box[], sheet: Sheet): Option | undefined {
  const crowding =
    options.map(({ box }) => taken.filter((other) => overlap(box, other)).length + (isInside(box, sheet) ? 0 : 2));
  return options[crowding.indexOf(Math.min(...crowding))];
}

type Side = { box: Box; x: number; align: Placed["align"] };
type Option = Side & { rows: string[] };

/** The positions of a label whose lines have at most `longest` characters. */
function options(label: Wanted, { measure }: Sheet, longest: number): Option[] {
  const rows = wrapped(label.text, longest);
  const [width, height] = [Math.max(...rows.map(measure)), rows.length * LABEL.leading];
  return sides(label, width, height).map((side) => ({ ...side, rows }));
}

function sides({ x, y, radius }: Wanted, width: number, height: number): Side[] {
  const gap = radius + 3;
  const half = width / 2;
  const centred = (top: number): Side => ({ box: [x - half, top, x + half, top + height], x, align: "center" });
  const right = (top: number, from: number): Side =>
    ({ box: [from, top, from + width, top + height], x: from, align: "left" });
  const left = (top: number, to: number): Side => ({ box: [to - width, top, to, top + height], x: to, align: "right" });
  const middle = y - height / 2;
  if (radius < 0) return [centred(middle)];
  return [
    centred(y + gap), centred(y - gap - height), right(middle, x + gap + 2), left(middle, x - gap - 2),
    right(y + gap * 0.6, x + gap * 0.6), left(y + gap * 0.6, x - gap * 0.6),
    right(y - gap * 0.6 - height, x + gap * 0.6), left(y - gap * 0.6 - height, x - gap * 0.6),
  ];
}

const isInside = ([left, top, right, bottom]: Box, sheet: Sheet): boolean =>
  left >= sheet.left + 2 && top >= sheet.top + 2 && right <= sheet.right - 2 && bottom <= sheet.bottom - 2;
const boxOf = ({ x, y, radius }: Wanted, share: number): Box =>
  [x - radius * share, y - radius * share, x + radius * share, y + radius * share];
export const overlap = (one: Box, other: Box): boolean =>
  one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/** Whether a line goes through a box (Liang and Barsky). */
export function crosses([x1, y1, x2, y2]: Line, [left, top, right, bottom]: Box): boolean {
  let [from, to] = [0, 1];
  const steps: readonly (readonly [number, number])[] =
    [[x1 - x2, x1 - left], [x2 - x1, right - x1], [y1 - y2, y1 - top], [y2 - y1, bottom - y1]];
  for (const [step, room] of steps) {
    if (step === 0) {
      if (room < 0) return false;
    } else if (step < 0) from = Math.max(from, room / step);
    else to = Math.min(to, room / step);
  }
  return from <= to;
}
