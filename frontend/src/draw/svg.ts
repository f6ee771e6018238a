/** The visible graph as SVG, for files and for paper, on which WebGL is not printed. */

import { type Graph, type Line, manner, type Visible } from "../graph";
import { aside, CORNERS, DASHES, hueOf, LABEL, type Mode, markOf, pageColours, radius, thickness } from "../look";
import { place, type Line as Segment, type Wanted } from "./labels";
import { degreesOf, IMPORTANT, ranked } from "./ranking";
import type { Spot } from "./stage";

const WIDTH = 1600;
const MARGIN = { x: 130, y: 70 };
/** Pixels between the head of a line and the mark it points at. */
const CLEAR = 2.5;

export interface Drawing {
  text: string;
  width: number;
  height: number;
}

interface Telling {
  title: string;
  mode: Mode;
  name(iri: string): string;
}

/** Characters that mean something in XML, and those it does not allow, replaced. */
export const xml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

export const round = (value: number): number => Math.round(value * 10) / 10;

/** The course of a fact's line between two marks: beside other facts of the two, and up to the edge of its target. */
export function course(line: Line, one: Spot, other: Spot): Segment {
  const far = Math.hypot(other.x - one.x, other.y - one.y) || 1;
  const [ahead, down] = [(other.x - one.x) / far, (other.y - one.y) / far];
  const [right, low] = [down * aside(line), -ahead * aside(line)];
  const back = other.radius + CLEAR;
  return [one.x + right, one.y + low, other.x + right - ahead * back, other.y + low - down * back];
}

/** The visible part as SVG, with the same marks, lines and labels as on the screen. */
export function drawing(graph: Graph, visible: Visible, { title, mode, name }: Telling): Drawing {
  const colours = pageColours(mode);
  const nodes = [...visible.nodes];
  const at = (iri: string): [number, number] => [graph.getNodeAttribute(iri, "x"), -graph.getNodeAttribute(iri, "y")];
  const [xs, ys] = [nodes.map((iri) => at(iri)[0]), nodes.map((iri) => at(iri)[1])];
  const least = (values: number[]): number => values.reduce((one, other) => Math.min(one, other), Infinity);
  const most = (values: number[]): number => values.reduce((one, other) => Math.max(one, other), -Infinity);
  const [left, right, top, bottom] = nodes.length ? [least(xs), most(xs), least(ys), most(ys)] : [0, 1, 0, 1];
  const scale = Math.min(1.2, (WIDTH - 2 * MARGIN.x) / Math.max(right - left, (bottom - top) / 1.5, 1));
  const width = Math.round((right - left) * scale + 2 * MARGIN.x);
  const height = Math.round((bottom - top) * scale + 2 * MARGIN.y);
  const degrees = degreesOf(graph, visible);
  const spot = (iri: string): Wanted => {
    const [x, y] = at(iri);
    const kind = graph.getNodeAttribute(iri, "kind");
    return { id: iri, text: name(iri), x: MARGIN.x + (x - left) * scale, y: MARGIN.y + (y - top) * scale, radius: radius(kind, degrees.get(iri) ?? 0, nodes.length), isForced: false };
  };
  const spots = new Map(nodes.map((iri) => [iri, spot(iri)]));
  const pen = document.createElement("canvas").getContext("2d")!;
  pen.font = `${LABEL.size}px ${LABEL.family}`;
  const order = ranked(graph, visible, degrees, new Set());
  const wanted = order.map((iri, rank) => ({ ...spots.get(iri)!, isImportant: rank < IMPORTANT }));
  const labels = place(wanted, {
    left: 0, top: 0, right: width, bottom: height, marks: wanted, most: 2000, longest: LABEL.longest, measure: (line) => pen.measureText(line).width,
    lines: [...visible.edges].map((key) => {
      const [one, other] = graph.extremities(key).map((iri) => spots.get(iri)!);
      return [one!.x, one!.y, other!.x, other!.y] as const;
    }),
  });

  const lines = [...visible.edges].map((key) => {
    const edge = graph.getEdgeAttributes(key);
    const [x1, y1, x2, y2] = course(edge, spots.get(edge.source)!, spots.get(edge.target)!).map(round);
    const how = manner(edge);
    const dash = DASHES[how];
    const colour = edge.disputed ? colours.warn : how === "stated" ? colours.line : colours.faint;
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${thickness(edge.single)}"${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""} marker-end="url(#head)"><title>${xml(`${name(edge.source)} — ${name(edge.predicate)} → ${name(edge.target)}`)}</title></line>`;
  });
  const marks = [...spots.values()].map(({ id, x, y, radius: size, text }) => {
    const kind = graph.getNodeAttribute(id, "kind");
    const { shape } = markOf(kind);
    const paint = `fill="${hueOf(kind, mode)}" stroke="${colours.ink}" stroke-width="1.3"`;
    const drawn = shape === "circle"
      ? `<circle cx="${round(x)}" cy="${round(y)}" r="${round(size * 0.9)}" ${paint}>`
      : `<polygon points="${CORNERS[shape].map(([a, b]) => `${round(x + ((a - 10) / 10) * size)},${round(y + ((b - 10) / 10) * size)}`).join(" ")}" ${paint}>`;
    return `${drawn}<title>${xml(`${text} (${name(kind)})`)}</title></${shape === "circle" ? "circle" : "polygon"}>`;
  });
  const anchors = { center: "middle", left: "start", right: "end" };
  const texts = labels.map(({ lines: rows, x, y, align }) =>
    `<text text-anchor="${anchors[align]}">${rows.map((row, index) => `<tspan x="${round(x)}" y="${round(y + index * LABEL.leading + LABEL.size * 0.35)}">${xml(row)}</tspan>`).join("")}</text>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${xml(title)}</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colours.line}"/></marker></defs>
<rect width="100%" height="100%" fill="${colours.paper}"/>
<g>${lines.join("\n")}</g>
<g>${marks.join("\n")}</g>
<g font-family="${xml(LABEL.family)}" font-size="${LABEL.size}" fill="${colours.ink}" stroke="${colours.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${texts.join("\n")}</g>
</svg>
`;
  return { text, width, height };
}
