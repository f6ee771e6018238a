/** Every decision about what things look like: colours, marks, sizes, lines. Nothing else picks a colour. */

import type { Manner } from "./state";

/** Okabe and Ito's colours, told apart with any colour vision; each kind has a shape besides. */
const HUES = {
  light: {
    orange: "#e69f00", sky: "#56b4e9", green: "#009e73", yellow: "#f0e442", blue: "#0072b2",
    red: "#d55e00", purple: "#cc79a7", grey: "#a3a3a3",
  },
  dark: {
    orange: "#e9a820", sky: "#6cc0ef", green: "#1fb58a", yellow: "#f2e75c", blue: "#4a9fd8",
    red: "#e8793a", purple: "#d890b8", grey: "#98a0a8",
  },
} as const;

export type Mode = keyof typeof HUES;
export type Hue = keyof (typeof HUES)["light"];

/** The colours of the page; text on paper has a contrast of at least 4.5, marks and frames of at least 3. */
const PAGE = {
  light: {
    paper: "#ffffff", raised: "#f5f7f9", edge: "#c9d0d7", frame: "#76818b", ink: "#1a2026", soft: "#4d5862",
    accent: "#0b57a4", "on-accent": "#ffffff", wash: "#e4eefa", warn: "#a8201a", "warn-wash": "#fdecea",
    note: "#6b4e00", "note-wash": "#fff4d6",
    line: "#6b7680", faint: "#8b949c", dimmed: "#dfe3e7", chosen: "#0b57a4", term: "#006446",
  },
  dark: {
    paper: "#14181c", raised: "#1d2329", edge: "#3f4952", frame: "#82909c", ink: "#eef1f4", soft: "#b4bec8",
    accent: "#8fc1ff", "on-accent": "#10233a", wash: "#1c3048", warn: "#ffa39b", "warn-wash": "#3d1f1d",
    note: "#f1cf7a", "note-wash": "#382e12",
    line: "#8f9ba6", faint: "#717c86", dimmed: "#2a3138", chosen: "#8fc1ff", term: "#57cfa5",
  },
} as const;

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

const SE = "https://w3id.org/sekg/ns#";
const ORG = "http://www.w3.org/ns/org#";
const FOAF = "http://xmlns.com/foaf/0.1/";
const CV = "http://data.europa.eu/m8g/";

/** Each pair of colour and shape once; in the order of the legend. */
const MARKS: Record<string, Mark> = {
  [`${SE}Cluster`]: { hue: "red", shape: "star", size: 17 },
  [`${ORG}OrganizationalCollaboration`]: { hue: "red", shape: "hexagon", size: 15 },
  [`${SE}Agreement`]: { hue: "orange", shape: "diamond", size: 15 },
  [`${SE}SigningEvent`]: { hue: "orange", shape: "triangle", size: 14 },
  [`${SE}Event`]: { hue: "orange", shape: "wedge", size: 13 },
  [`${ORG}ChangeEvent`]: { hue: "orange", shape: "hexagon", size: 12 },
  [`${SE}Award`]: { hue: "orange", shape: "star", size: 12 },
  "http://www.w3.org/ns/prov#Activity": { hue: "orange", shape: "circle", size: 11 },
  [`${SE}SocialEconomyEntity`]: { hue: "green", shape: "circle", size: 12 },
  [`${ORG}Organization`]: { hue: "blue", shape: "square", size: 12 },
  [`${SE}SupportInstitution`]: { hue: "blue", shape: "diamond", size: 13 },
  [`${CV}PublicOrganisation`]: { hue: "blue", shape: "hexagon", size: 12 },
  [`${FOAF}Agent`]: { hue: "blue", shape: "circle", size: 11 },
  [`${FOAF}Person`]: { hue: "purple", shape: "wedge", size: 12 },
  [`${FOAF}Group`]: { hue: "purple", shape: "hexagon", size: 11 },
  [`${CV}AdminUnit`]: { hue: "sky", shape: "square", size: 10 },
  "http://purl.org/dc/terms/Location": { hue: "sky", shape: "circle", size: 9 },
  [`${ORG}Site`]: { hue: "sky", shape: "triangle", size: 10 },
  "http://data.europa.eu/eli/ontology#LegalResource": { hue: "yellow", shape: "square", size: 10 },
  [`${FOAF}Document`]: { hue: "yellow", shape: "circle", size: 10 },
  [`${SE}Source`]: { hue: "yellow", shape: "diamond", size: 11 },
  [`${ORG}Membership`]: { hue: "grey", shape: "diamond", size: 8 },
  [`${ORG}Post`]: { hue: "grey", shape: "square", size: 8 },
  [`${ORG}Role`]: { hue: "grey", shape: "triangle", size: 8 },
  "http://www.w3.org/2004/02/skos/core#Concept": { hue: "grey", shape: "circle", size: 7 },
  [`${SE}Standing`]: { hue: "yellow", shape: "star", size: 10 },
  [`${SE}KnownUnknown`]: { hue: "grey", shape: "star", size: 9 },
};
const OTHER: Mark = { hue: "grey", shape: "wedge", size: 8 };
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

/** What sizes are divided by at a zoom level: marks grow less than the picture, and are smaller on a phone. */
export const sizeRatio = (camera: number, width: number): number =>
  Math.min(1.7, Math.max(0.55, Math.sqrt((camera * 850) / Math.max(width, 200))));

/** Corners of the shapes in a square of 20, for legend, SVG and print; the circle has none. */
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

/** Radius in pixels of a place on the map: its area follows how many things are there. */
export const spotRadius = (things: number): number => Math.min(26, 5 + 3 * Math.sqrt(things));

/** Dashes of a line in pixels: drawn, left out. */
type Dash = readonly [number, number] | null;
export const DASHES: Record<Manner, Dash> = { stated: null, inferred: [9, 5], said: [2, 5] };
/** A fact with more than one witness has a stronger line. */
export const thickness = (isSingle: boolean): number => (isSingle ? 1.4 : 2.6);

/** The offset of a line in pixels, so that parallel facts can be told apart: `beside` counts them. */
export function aside({ source, target, beside }: { source: string; target: string; beside: number }): number {
  const side = Math.ceil(beside / 2) * 6 * (beside % 2 ? 1 : -1);
  return beside === 0 ? 0 : source < target ? side : -side;
}

export const LABEL = {
  size: 13, leading: 15.5, family: "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  longest: 26, short: 17, lines: 3,
} as const;
/** With more lines, lines have neither heads nor thickness. */
export const READABLE = 500;
/** With more things or lines the picture is a crowd: points, plain lines, few labels. */
export const CROWD = 3000;

/** The mode that a wish and the system give. */
export function modeOf(theme: "auto" | Mode): Mode {
  return theme === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : theme;
}

/** Give the page its colours. */
export function paint(root: HTMLElement, mode: Mode): void {
  root.dataset.mode = mode;
  root.style.colorScheme = mode;
  const colours = Object.entries({ ...PAGE[mode], ...HUES[mode] });
  for (const [name, colour] of colours) root.style.setProperty(`--${name}`, colour);
}
