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
  /** Other middles of a label on a line, in order. */
  elsewhere?: readonly { x: number; y: number }[];
  /** The lines that it may lie on, by the names of their `owners`; by default those of its `id`. */
  owns?: ReadonlySet<string>;
  isStrong?: boolean;
  /** Placed before the labels on lines, and in more lines than others. */
  isFirst?: boolean;
  /** Drawn even where it collides. */
  isForced: boolean;
  /** Tried in other widths too, and farther from its mark, before it is left out. */
  isImportant?: boolean;
}

export interface Placed {
  id: string;
  lines: string[];
  /** Middle of the first line. */
  x: number;
  y: number;
  align: "center" | "left" | "right";
  isStrong: boolean;
  box: Box;
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

/** A line from one point to another. */
export type Line = readonly [x1: number, y1: number, x2: number, y2: number];
/** A line that labels avoid, except those of its owners: its ends, and itself. */
export interface Barrier {
  line: Line;
  owners: readonly string[];
}

export interface Sheet extends Record<"left" | "top" | "right" | "bottom", number> {
  marks: readonly Wanted[];
  /** What else covers the picture. */
  covers: readonly Box[];
  lines: readonly Barrier[];
  /** The width of a line in pixels. */
  measure: (line: string, isStrong?: boolean) => number;
  /** The most labels, forced ones aside. */
  most: number;
  /** The characters of a line. */
  longest: number;
}

/** With more marks or lines, labels only avoid each other. */
const MANY = 600;
/** The characters of a line of an important label, and pixels between it and its mark, in the order in which they are
 *  tried. */
const WIDTHS = [LABEL.longest, 20, LABEL.short, 34, 14];
const FARTHER = [0, 8, 20, 34];
/** The pixels around a label that other lines stay clear of. */
const CLEAR = 1.5;

/** Positions for labels in their order: inside the sheet, clear of labels, of marks and of the lines of others. */
export function place(wanted: readonly Wanted[], sheet: Sheet): Placed[] {
  const taken: Box[] = [...sheet.covers];
  const marks = sheet.marks.length <= MANY ? sheet.marks : [];
  const lines = sheet.lines.length <= MANY ? sheet.lines : [];
  const placed: Placed[] = [];
  for (const label of wanted) {
    if (placed.length >= sheet.most && !label.isForced) continue;
    const usual = options(label, sheet, sheet.longest, 0);
    const own = label.owns ?? new Set([label.id]);
    const foreign = lines.filter(({ owners }) => !owners.some((owner) => own.has(owner)));
    const isClear = ({ box }: Option): boolean =>
      isInside(box, sheet) && !taken.some((other) => overlap(box, other))
        && !marks.some((mark) => mark.id !== label.id && overlap(box, boxOf(mark)))
        && !foreign.some(({ line }) => crosses(line, wider(box)));
    const best = (some: readonly Option[]): Option | undefined => {
      const clear = some.filter(isClear);
      const costs = clear.map(({ box }, index) =>
        (label.radius < 0 ? 0 : lines.filter(({ line }) => crosses(line, box)).length) + index * 0.3);
      return clear[costs.indexOf(Math.min(...costs))];
    };
    const found = best(usual) ?? (label.isImportant ? best(more(label, sheet)) : undefined)
      ?? (label.isForced ? leastCrowded(usual, taken, sheet, foreign) : undefined);
    if (!found) continue;
    taken.push(found.box);
    placed.push({ id: label.id, lines: found.rows, x: found.x, y: found.box[1] + LABEL.leading / 2,
      align: found.align, isStrong: label.isStrong === true, box: found.box });
  }
  return placed;
}

/** The positions of an important label in all widths and distances. */
const more = (label: Wanted, sheet: Sheet): Option[] => FARTHER.flatMap((far) =>
  WIDTHS.filter((width) => width <= sheet.longest || sheet.longest === LABEL.longest)
    .flatMap((width) => options(label, sheet, width, far)));

const wider = ([left, top, right, bottom]: Box): Box => [left - CLEAR, top - CLEAR, right + CLEAR, bottom + CLEAR];

/** The option that covers the fewest labels and lines, for a label that must be drawn. */
function leastCrowded(options: readonly Option[], taken: readonly Box[], sheet: Sheet,
    foreign: readonly Barrier[]): Option | undefined {
  const crowding = options.map(({ box }) => taken.filter((other) => overlap(box, other)).length
    + foreign.filter(({ line }) => crosses(line, box)).length / 10 + (isInside(box, sheet) ? 0 : 2));
  return options[crowding.indexOf(Math.min(...crowding))];
}

type Side = { box: Box; x: number; align: Placed["align"] };
type Option = Side & { rows: string[] };

/** The positions of a label whose lines have at most `longest` characters, some pixels `far` from its mark. */
function options(label: Wanted, { measure }: Sheet, longest: number, far: number): Option[] {
  const rows = wrapped(label.text, longest, label.isFirst ? LABEL.lines + 1 : LABEL.lines);
  const width = Math.max(...rows.map((row) => measure(row, label.isStrong)));
  const height = rows.length * LABEL.leading;
  const spots = label.radius < 0 ? [label, ...(label.elsewhere ?? [])] : [label];
  return spots.flatMap(({ x, y }) => sides({ x, y, radius: label.radius < 0 ? -1 : label.radius + far }, width, height))
    .map((side) => ({ ...side, rows }));
}

function sides({ x, y, radius }: Pick<Wanted, "x" | "y" | "radius">, width: number, height: number): Side[] {
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
    right(y - height * 0.2, x + gap), left(y - height * 0.2, x - gap),
    right(y - height * 0.8, x + gap), left(y - height * 0.8, x - gap),
  ];
}

const isInside = ([left, top, right, bottom]: Box, sheet: Sheet): boolean =>
  left >= sheet.left + 2 && top >= sheet.top + 2 && right <= sheet.right - 2 && bottom <= sheet.bottom - 2;
/** The square of a mark, which does not fill it. */
const boxOf = ({ x, y, radius }: Wanted): Box =>
  [x - radius * MARK, y - radius * MARK, x + radius * MARK, y + radius * MARK];
const MARK = 0.9;
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
