/** The visible graph as SVG, for files and for paper. */

import { type Graph, type Line, manner, titleOf, type Visible } from "../graph";
import { aside, CORNERS, DASHES, hueOf, LABEL, type Mode, markOf, pageColours, radius, thickness } from "../look";
import { type Barrier, type Placed, place, type Line as Segment, type Wanted } from "./labels";
import { fontOf } from "./pen";
import { degreesOf, IMPORTANT, mainOf, ranked } from "./ranking";
import { rangeOf, type Spot } from "./stage";

const WIDTH = 1600;
const MARGIN = { x: 130, y: 70 };
/** Pixels between the head of a line and the mark it points at. */
const CLEAR = 2.5;

export type Drawing = ReturnType<typeof drawing>;

interface Telling {
  title: string;
  mode: Mode;
  name(iri: string): string;
}

/** Text for XML: special characters escaped, forbidden ones left out. */
export const xml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that https://www.w3.org/TR/xml/#charsets leaves out
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export const round = (value: number): number => Math.round(value * 10) / 10;

/** The line of a fact between two marks: beside their other facts, and up to the edge of the target. */
export function course(line: Line, one: Spot, other: Spot): Segment {
  const far = Math.hypot(other.x - one.x, other.y - one.y) || 1;
  const [ahead, down] = [(other.x - one.x) / far, (other.y - one.y) / far];
  const [right, low] = [down * aside(line), -ahead * aside(line)];
  const back = other.radius + CLEAR;
  return [one.x + right, one.y + low, other.x + right - ahead * back, other.y + low - down * back];
}

/** The visible graph with the same marks, lines and labels as on the screen. */
export function drawing(graph: Graph, visible: Visible, telling: Telling) {
  const { title, mode } = telling;
  const { ink, paper, line } = pageColours(mode);
  const { spots, width, height } = layout(graph, visible);
  const lines = [...visible.edges].map((key) => drawnLine(graph.getEdgeAttributes(key), spots, telling));
  const marks = [...spots].map(([iri, spot]) => drawnMark(iri, graph.getNodeAttribute(iri, "kind"), spot, telling));
  const texts = labels(graph, visible, spots, { width, height }, telling).map(drawnLabel);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${xml(title)}</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"
 markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${line}"/></marker></defs>
<rect width="100%" height="100%" fill="${paper}"/>
<g>${lines.join("\n")}</g>
<g>${marks.join("\n")}</g>
<g font-family="${xml(LABEL.family)}" font-size="${LABEL.size}" fill="${ink}" stroke="${paper}" stroke-width="4"
 stroke-linejoin="round" paint-order="stroke">${texts.join("\n")}</g>
</svg>
`;
  return { text, width, height };
}

type Spots = ReadonlyMap<string, Spot>;
type Size = Record<"width" | "height", number>;

/** The position of each mark, and the size of the drawing. */
function layout(graph: Graph, visible: Visible): Size & { spots: Spots } {
  const nodes = [...visible.nodes];
  const range = (values: readonly number[]): [number, number] => (values.length ? rangeOf(values) : [0, 1]);
  const [left, right] = range(nodes.map((iri) => graph.getNodeAttribute(iri, "x")));
  const [top, bottom] = range(nodes.map((iri) => -graph.getNodeAttribute(iri, "y")));
  const scale = Math.min(1.2, (WIDTH - 2 * MARGIN.x) / Math.max(right - left, (bottom - top) / 1.5, 1));
  const degrees = degreesOf(graph, visible);
  const spots = new Map(nodes.map((iri): [string, Spot] => {
    const { x, y, kind } = graph.getNodeAttributes(iri);
    const size = radius(kind, degrees.get(iri) ?? 0, nodes.length);
    return [iri, { x: MARGIN.x + (x - left) * scale, y: MARGIN.y + (-y - top) * scale, radius: size }];
  }));
  const width = Math.round((right - left) * scale + 2 * MARGIN.x);
  return { spots, width, height: Math.round((bottom - top) * scale + 2 * MARGIN.y) };
}

function labels(graph: Graph, visible: Visible, spots: Spots, { width, height }: Size, { name }: Telling): Placed[] {
  const pen = document.createElement("canvas").getContext("2d")!;
  const main = mainOf(graph, visible);
  const order = ranked(graph, visible, degreesOf(graph, visible), new Set(), main);
  const marks = order.map((iri, rank): Wanted =>
    ({ id: iri, text: name(iri), ...spots.get(iri)!, isForced: false, isImportant: rank < IMPORTANT,
      isStrong: iri === main }));
  const lines = [...visible.edges].map((key): Barrier => {
    const [one, other] = graph.extremities(key).map((iri) => spots.get(iri)!);
    return { line: course(graph.getEdgeAttributes(key), one!, other!), owners: [key, ...graph.extremities(key)] };
  });
  const measure = (line: string, isStrong = false): number => {
    pen.font = fontOf(isStrong);
    return pen.measureText(line).width;
  };
  const sheet = { left: 0, top: 0, right: width, bottom: height, marks, covers: [], lines, measure };
  return place(marks, { ...sheet, most: 2000, longest: LABEL.longest });
}

function drawnLine(edge: Line, spots: Spots, { mode, name }: Telling): string {
  const colours = pageColours(mode);
  const [x1, y1, x2, y2] = course(edge, spots.get(edge.source)!, spots.get(edge.target)!).map(round);
  const how = manner(edge);
  const colour = edge.disputed ? colours.warn : how === "stated" ? colours.line : colours.faint;
  const dash = DASHES[how] ? ` stroke-dasharray="${DASHES[how].join(" ")}"` : "";
  const title = xml(`${name(edge.source)} — ${titleOf(edge).map(name).join(", ")} → ${name(edge.target)}`);
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${thickness(edge.single)}"`
    + `${dash} marker-end="url(#head)"><title>${title}</title></line>`;
}

const drawnMark = (iri: string, kind: string, spot: Spot, { mode, name }: Telling): string =>
  shaped(kind, spot, mode, `<title>${xml(`${name(iri)} (${name(kind)})`)}</title>`);

/** The mark of a kind, with what stands inside its element. */
export function shaped(kind: string, { x, y, radius: size }: Spot, mode: Mode, title = ""): string {
  const { shape } = markOf(kind);
  const paint = `fill="${hueOf(kind, mode)}" stroke="${pageColours(mode).ink}" stroke-width="1.3"`;
  const [middle, height] = [round(x), round(y)];
  if (shape === "circle") {
    return `<circle cx="${middle}" cy="${height}" r="${round(size * 0.9)}" ${paint}>${title}</circle>`;
  }
  const along = (at: number, from: number): number => round(from + ((at - 10) / 10) * size);
  const points = CORNERS[shape].map(([a, b]) => `${along(a, x)},${along(b, y)}`).join(" ");
  return `<polygon points="${points}" ${paint}>${title}</polygon>`;
}

const ANCHORS = { center: "middle", left: "start", right: "end" };

function drawnLabel({ lines, x, y, align, isStrong }: Placed): string {
  const row = (line: string, index: number): string =>
    `<tspan x="${round(x)}" y="${round(y + index * LABEL.leading + LABEL.size * 0.35)}">${xml(line)}</tspan>`;
  const weight = isStrong ? ` font-weight="bold"` : "";
  return `<text text-anchor="${ANCHORS[align]}"${weight}>${lines.map(row).join("")}</text>`;
}
