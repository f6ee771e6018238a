/** The look of things: colours and marks of the palette shared with Python, sizes, lines. */

import { hues as HUES, kinds, other, page as PAGE } from "../../kgraph/base/palette.json";
import type { Manner } from "./state";

/** Okabe and Ito's colours, distinct for any colour vision; each kind has a shape too. */
export type Mode = keyof typeof HUES;
export type Hue = keyof (typeof HUES)["light"];

/** The colours of the page; text on paper has a contrast of at least 4.5, marks and frames of at least 3. */
export type PageColours = Record<keyof (typeof PAGE)["light"], string>;
export const pageColours = (mode: Mode): PageColours => PAGE[mode];

export const SHAPES = ["circle", "square", "diamond", "triangle", "hexagon", "star", "wedge"] as const;
export type Shape = (typeof SHAPES)[number];

export interface Mark {
  hue: Hue;
  shape: Shape;
  /** Radius in pixels before zooming. */
  size: number;
}

/** Each pair of colour and shape once, in the order of the legend. */
const MARKS = kinds as Record<string, Mark>;
const OTHER = other as Mark;
const ORDER = Object.keys(MARKS);

export const markOf = (kind: string): Mark => MARKS[kind] ?? OTHER;
export const hueOf = (kind: string, mode: Mode): string => HUES[mode][markOf(kind).hue];
/** The order of the legend; kinds without a mark come last. */
export const byLegend = (one: string, other: string): number => rank(one) - rank(other) || (one < other ? -1 : 1);
const rank = (kind: string): number => (ORDER.indexOf(kind) + ORDER.length + 1) % (ORDER.length + 1);

/** A thing with many facts is a little larger; in a crowd everything is small. */
export function radius(kind: string, degree: number, crowd: number): number {
  const { size } = markOf(kind);
  return (size + Math.min(6, Math.log2(1 + degree) - 1)) * Math.max(0.3, Math.min(1, (70 / crowd) ** 0.2));
}

/** The divisor of sizes at a zoom level: marks grow less than the picture, and are smaller on a phone. */
export const sizeRatio = (camera: number, width: number): number =>
  Math.min(1.7, Math.max(0.55, Math.sqrt((camera * 850) / Math.max(width, 200))));

/** Corners of the shapes in a square of 20. */
export const CORNERS: Record<Exclude<Shape, "circle">, readonly (readonly [number, number])[]> = {
  square: [[2.5, 2.5], [17.5, 2.5], [17.5, 17.5], [2.5, 17.5]],
  diamond: [[10, 0.5], [19.5, 10], [10, 19.5], [0.5, 10]],
  triangle: [[10, 1], [19.5, 17.5], [0.5, 17.5]],
  wedge: [[10, 19], [19.5, 2.5], [0.5, 2.5]],
  hexagon: [[19.5, 10], [14.75, 18.2], [5.25, 18.2], [0.5, 10], [5.25, 1.8], [14.75, 1.8]],
  star: [
    [10, 0.5], [12.6, 6.7], [19.3, 7.3], [14.2, 11.7], [15.8, 18.2],
    [10, 14.7], [4.2, 18.2], [5.8, 11.7], [0.7, 7.3], [7.4, 6.7],
  ],
};

/** Radius in pixels of a place on the map: its area grows with the number of things there. */
export const spotRadius = (things: number): number => Math.min(26, 5 + 3 * Math.sqrt(things));

/** Dashes of a line in pixels: drawn, left out. */
type Dash = readonly [number, number] | null;
export const DASHES: Record<Manner, Dash> = { stated: null, inferred: [9, 5], said: [2, 5] };
/** Pixels of a line: a fact with more than one witness has a thicker one. */
export const thickness = (isSingle: boolean): number => (isSingle ? 1.4 : 2.6);

/** The offset of a line in pixels, so that parallel facts can be told apart: `beside` counts them. */
export function aside({ source, target, beside }: { source: string; target: string; beside: number }): number {
  const side = Math.ceil(beside / 2) * 6 * (beside % 2 ? 1 : -1);
  return beside === 0 ? 0 : source < target ? side : -side;
}

export const LABEL = {
  size: 13, leading: 15.5, family: "'Figtree Variable', system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  longest: 26, short: 17, lines: 3,
} as const;
/** With more lines, lines have neither heads nor thickness. */
export const READABLE = 500;
/** With more things or lines the picture is a crowd: points, plain lines, few labels. */
export const CROWD = 3000;

export function modeOf(theme: "auto" | Mode): Mode {
  return theme === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : theme;
}

/** Sets the colours of the page. */
export function paint(root: HTMLElement, mode: Mode): void {
  root.dataset.mode = mode;
  root.style.colorScheme = mode;
  const colours = Object.entries({ ...PAGE[mode], ...HUES[mode] });
  for (const [name, colour] of colours) root.style.setProperty(`--${name}`, colour);
}
