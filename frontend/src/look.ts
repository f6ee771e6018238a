/** Every decision about what things look like: colours and marks of the palette that Python shares, sizes, lines. */

import { hues as HUES, kinds, other, page as PAGE } from "../../kgraph/base/palette.json";
import type { Manner } from "./state";

/** Okabe and Ito's colours, told apart with any colour vision; each kind has a shape besides. */
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

/** Each pair of colour and shape once; in the order of the legend. */
const MARKS = kinds as Record<string, Mark>;
const OTHER = other as Mark;
const ORDER = Object.keys(MARKS);

export const markOf = (kind: string): Mark => MARKS[kind] ?? OTHER;
/** Whether a kind has a mark of its own. */
export const isMarked = (kind: string): boolean => kind in MARKS;
export const hueOf = (kind: string, mode: Mode): string => HUES[mode][markOf(kind).hue];
/** Kinds in the order of the legend, those without a mark of their own last. */
export const byLegend = (one: string, other: string): number => rank(one) - rank(other) || (one < other ? -1 : 1);
const rank = (kind: string): number => (ORDER.indexOf(kind) + ORDER.length + 1) % (ORDER.length + 1);

/** A thing with many facts is a little larger; in a crowd everything is small. */
export function radius(kind: string, degree: number, crowd: number): number {
  const { size } = markOf(kind);
  return (size + Math.min(6, Math.log2(1 + degree) - 1)) * Math.max(0.3, Math.min(1, (70 / crowd) ** 0.2));
}

/** What sizes are divided by when the camera shows a part: marks grow less than the picture, and are smaller on a phone. */
export const sizeRatio = (camera: number, width: number): number => Math.min(1.7, Math.max(0.55, Math.sqrt((camera * 850) / Math.max(width, 200))));

/** Corners of the shapes in a square of 20, for legend, SVG and print; the circle has none. */
export const CORNERS: Record<Exclude<Shape, "circle">, readonly (readonly [number, number])[]> = {
  square: [[2.5, 2.5], [17.5, 2.5], [17.5, 17.5], [2.5, 17.5]],
  diamond: [[10, 0.5], [19.5, 10], [10, 19.5], [0.5, 10]],
  triangle: [[10, 1], [19.5, 17.5], [0.5, 17.5]],
  wedge: [[10, 19], [19.5, 2.5], [0.5, 2.5]],
  hexagon: [[19.5, 10], [14.75, 18.2], [5.25, 18.2], [0.5, 10], [5.25, 1.8], [14.75, 1.8]],
  star: [[10, 0.5], [12.6, 6.7], [19.3, 7.3], [14.2, 11.7], [15.8, 18.2], [10, 14.7], [4.2, 18.2], [5.8, 11.7], [0.7, 7.3], [7.4, 6.7]],
};

/** Radius in pixels of a place on the map: its area follows how many things are there. */
export const spotRadius = (things: number): number => Math.min(26, 5 + 3 * Math.sqrt(things));

/** Dashes of a line in pixels: drawn, left out. */
export const DASHES: Record<Manner, readonly [number, number] | null> = { stated: null, inferred: [9, 5], said: [2, 5] };
/** A fact with more than one witness has a stronger line. */
export const thickness = (isSingle: boolean): number => (isSingle ? 1.4 : 2.6);

/** Pixels to the left of a line's way, so that several facts between two things can be seen: `beside` counts them. */
export function aside({ source, target, beside }: { source: string; target: string; beside: number }): number {
  const side = Math.ceil(beside / 2) * 6 * (beside % 2 ? 1 : -1);
  return beside === 0 ? 0 : source < target ? side : -side;
}

export const LABEL = { size: 13, leading: 15.5, family: "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif", longest: 26, short: 17, lines: 3 } as const;
/** Up to so many lines they have heads and thickness; more are thin. */
export const READABLE = 500;
/** From so many things or lines on the picture is a crowd: points, plain lines, few labels. */
export const CROWD = 3000;

/** The editor of queries: what its theme and its highlighting look like, in the colours of the page. */
export const EDITOR = {
  theme: {
    "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: ".9rem", border: "1px solid var(--frame)", borderRadius: ".45rem" },
    "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
    ".cm-scroller": { fontFamily: "ui-monospace, 'DejaVu Sans Mono', monospace", lineHeight: "1.5", maxHeight: "42vh", overflow: "auto" },
    ".cm-content, .cm-gutter": { minHeight: "9rem" },
    ".cm-content": { caretColor: "var(--ink)", padding: ".4rem 0" },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
    ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--soft)", borderRight: "1px solid var(--edge)", borderRadius: ".45rem 0 0 .45rem" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--wash) 45%, transparent)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--accent) 30%, transparent)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--wash)", outline: "1px solid var(--accent)" },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--warn-wash)", outline: "1px solid var(--warn)" },
    ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "var(--warn-wash)", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: ".2em" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--warn)" },
    ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--frame)", borderRadius: ".4rem", boxShadow: "0 .4rem 1.2rem #0003" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "15rem", maxWidth: "min(38rem, 92vw)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .6rem", lineHeight: "1.4" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
    ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", marginLeft: ".8em" },
    ".cm-completionMatchedText": { textDecoration: "none" },
  },
  keyword: { color: "var(--accent)", fontWeight: "600" },
  literal: { color: "var(--note)" },
  variable: { color: "var(--ink)", fontStyle: "italic" },
  term: { color: "var(--term)" },
  comment: { color: "var(--soft)" },
} as const;

/** The mode that a wish and the system give. */
export function modeOf(theme: "auto" | Mode): Mode {
  return theme === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : theme;
}

/** Give the page its colours. */
export function paint(root: HTMLElement, mode: Mode): void {
  root.dataset.mode = mode;
  root.style.colorScheme = mode;
  for (const [name, colour] of Object.entries({ ...PAGE[mode], ...HUES[mode] })) root.style.setProperty(`--${name}`, colour);
}
