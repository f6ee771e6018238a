/** What is shown as a file: SVG, PNG made from it, GEXF and GraphML. */

import type { App } from "./app";
import { place, type Wanted } from "./draw/labels";
import { degreesOf, IMPORTANT, ranked } from "./draw/ranking";
import { manner, type Graph, type Visible } from "./graph";
import { CORNERS, DASHES, LABEL, hueOf, markOf, pageColours, radius, thickness, type Mode } from "./look";

export type Format = "png" | "svg" | "gexf" | "graphml";

const WIDTH = 1600;
const MARGIN = { x: 130, y: 70 };

/** Offer the visible part of the graph as a file. */
export async function save(app: App, visible: Visible, format: Format): Promise<void> {
  const { graph } = app.exploration;
  const made: Record<Format, () => Promise<Blob>> = {
    svg: async () => new Blob([drawing(app, graph, visible, app.mode()).text], { type: "image/svg+xml" }),
    png: () => png(drawing(app, graph, visible, app.mode())),
    gexf: async () => new Blob([gexf(app, graph, visible)], { type: "application/gexf+xml" }),
    graphml: async () => new Blob([graphml(app, graph, visible)], { type: "application/graphml+xml" }),
  };
  download(await made[format](), `kgraph.${format}`);
}

export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

interface Drawing {
  text: string;
  width: number;
  height: number;
}

/** Characters that mean something in XML, and those it does not allow, replaced. */
export const xml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** The visible part as SVG, with the same marks, lines and labels as on the screen. */
export function drawing(app: App, graph: Graph, visible: Visible, mode: Mode): Drawing {
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
  const spot = (iri: string): Wanted => {
    const [x, y] = at(iri);
    const kind = graph.getNodeAttribute(iri, "kind");
    return { id: iri, text: app.name(iri), x: MARGIN.x + (x - left) * scale, y: MARGIN.y + (y - top) * scale, radius: radius(kind, 3, nodes.length), isForced: false };
  };
  const spots = new Map(nodes.map((iri) => [iri, spot(iri)]));
  const pen = document.createElement("canvas").getContext("2d")!;
  pen.font = `${LABEL.size}px ${LABEL.family}`;
  const order = ranked(graph, visible, degreesOf(graph, visible), new Set());
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
    const [one, other] = [spots.get(edge.source)!, spots.get(edge.target)!];
    const far = Math.hypot(other.x - one.x, other.y - one.y) || 1;
    const back = (other.radius + 2) / far;
    const how = manner(edge);
    const dash = DASHES[how];
    const colour = edge.disputed ? colours.warn : how === "stated" ? colours.line : colours.faint;
    return `<line x1="${round(one.x)}" y1="${round(one.y)}" x2="${round(other.x - (other.x - one.x) * back)}" y2="${round(other.y - (other.y - one.y) * back)}" stroke="${colour}" stroke-width="${thickness(edge.single)}"${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""} marker-end="url(#head)"><title>${xml(`${app.name(edge.source)} — ${app.name(edge.predicate)} → ${app.name(edge.target)}`)}</title></line>`;
  });
  const marks = [...spots.values()].map(({ id, x, y, radius: size, text }) => {
    const kind = graph.getNodeAttribute(id, "kind");
    const { shape } = markOf(kind);
    const paint = `fill="${hueOf(kind, mode)}" stroke="${colours.ink}" stroke-width="1.3"`;
    const drawn = shape === "circle"
      ? `<circle cx="${round(x)}" cy="${round(y)}" r="${round(size * 0.9)}" ${paint}>`
      : `<polygon points="${CORNERS[shape].map(([a, b]) => `${round(x + ((a - 10) / 10) * size)},${round(y + ((b - 10) / 10) * size)}`).join(" ")}" ${paint}>`;
    return `${drawn}<title>${xml(`${text} (${app.name(kind)})`)}</title></${shape === "circle" ? "circle" : "polygon"}>`;
  });
  const anchors = { center: "middle", left: "start", right: "end" };
  const texts = labels.map(({ lines: rows, x, y, align }) =>
    `<text text-anchor="${anchors[align]}">${rows.map((row, index) => `<tspan x="${round(x)}" y="${round(y + index * LABEL.leading + LABEL.size * 0.35)}">${xml(row)}</tspan>`).join("")}</text>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${xml(app.words().title)}</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${colours.line}"/></marker></defs>
<rect width="100%" height="100%" fill="${colours.paper}"/>
<g>${lines.join("\n")}</g>
<g>${marks.join("\n")}</g>
<g font-family="${xml(LABEL.family)}" font-size="${LABEL.size}" fill="${colours.ink}" stroke="${colours.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${texts.join("\n")}</g>
</svg>
`;
  return { text, width, height };
}

const round = (value: number): number => Math.round(value * 10) / 10;

async function png({ text, width, height }: Drawing): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no image"))), "image/png"));
}

interface Exported {
  nodes: { id: string; label: string; values: Record<string, string>; x: number; y: number; size: number; colour: string }[];
  edges: { id: string; source: string; target: string; label: string; values: Record<string, string> }[];
}

const NODE_FIELDS = ["kind", "label_pl", "label_en", "from", "to"];
const EDGE_FIELDS = ["predicate", "manner", "rule", "disputed", "sources"];

function exported(app: App, graph: Graph, visible: Visible): Exported {
  return {
    nodes: [...visible.nodes].map((iri) => {
      const { kind, labels, from, to, x, y } = graph.getNodeAttributes(iri);
      return {
        id: iri, label: app.name(iri), x, y, size: radius(kind, graph.degree(iri), 1), colour: hueOf(kind, "light"),
        values: { kind, label_pl: labels.pl ?? "", label_en: labels.en ?? "", from: from ?? "", to: to ?? "" },
      };
    }),
    edges: [...visible.edges].map((key) => {
      const edge = graph.getEdgeAttributes(key);
      return {
        id: key, source: edge.source, target: edge.target, label: app.name(edge.predicate),
        values: {
          predicate: edge.predicate, manner: manner(edge), rule: edge.rule ?? "", disputed: String(edge.disputed),
          sources: [...new Set(edge.places.map((one) => one.source))].join(" "),
        },
      };
    }),
  };
}

const filled = (values: Record<string, string>): [string, string][] => Object.entries(values).filter(([, value]) => value !== "");

export function gexf(app: App, graph: Graph, visible: Visible): string {
  const { nodes, edges } = exported(app, graph, visible);
  const fields = (kind: string, names: string[]): string => `<attributes class="${kind}">${names.map((name) => `<attribute id="${name}" title="${name}" type="string"/>`).join("")}</attributes>`;
  const values = (of: Record<string, string>): string => `<attvalues>${filled(of).map(([name, value]) => `<attvalue for="${name}" value="${xml(value)}"/>`).join("")}</attvalues>`;
  const channels = (colour: string): string => { const [r, g, b] = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16)); return `r="${r}" g="${g}" b="${b}"`; };
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed">
${fields("node", NODE_FIELDS)}
${fields("edge", EDGE_FIELDS)}
<nodes>
${nodes.map((node) => `<node id="${xml(node.id)}" label="${xml(node.label)}">${values(node.values)}<viz:color ${channels(node.colour)}/><viz:position x="${round(node.x)}" y="${round(node.y)}" z="0"/><viz:size value="${round(node.size)}"/></node>`).join("\n")}
</nodes>
<edges>
${edges.map((edge) => `<edge id="${xml(edge.id)}" source="${xml(edge.source)}" target="${xml(edge.target)}" label="${xml(edge.label)}">${values(edge.values)}</edge>`).join("\n")}
</edges>
</graph>
</gexf>
`;
}

export function graphml(app: App, graph: Graph, visible: Visible): string {
  const { nodes, edges } = exported(app, graph, visible);
  const keys = (kind: string, names: string[]): string => names.map((name) => `<key id="${kind}_${name}" for="${kind}" attr.name="${name}" attr.type="${name === "x" || name === "y" ? "double" : "string"}"/>`).join("\n");
  const data = (kind: string, of: Record<string, string>): string => filled(of).map(([name, value]) => `<data key="${kind}_${name}">${xml(value)}</data>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${keys("node", ["label", "x", "y", ...NODE_FIELDS])}
${keys("edge", ["label", ...EDGE_FIELDS])}
<graph edgedefault="directed">
${nodes.map((node) => `<node id="${xml(node.id)}">${data("node", { label: node.label, x: String(round(node.x)), y: String(round(node.y)), ...node.values })}</node>`).join("\n")}
${edges.map((edge) => `<edge id="${xml(edge.id)}" source="${xml(edge.source)}" target="${xml(edge.target)}">${data("edge", { label: edge.label, ...edge.values })}</edge>`).join("\n")}
</graph>
</graphml>
`;
}
