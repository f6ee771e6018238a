/** What is shown as a file: SVG, PNG made from it, GEXF and GraphML. */

import type { App } from "./app";
import { type Drawing, drawing, round, xml } from "./draw/svg";
import { type Graph, manner, type Visible } from "./graph";
import { hueOf, radius } from "./look";

export type Format = "png" | "svg" | "gexf" | "graphml";

/** Offer the visible part of the graph as a file. */
export async function save(app: App, visible: Visible, format: Format): Promise<void> {
  const { graph } = app.exploration;
  const drawn = (): Drawing => drawing(graph, visible, { title: app.words().title, mode: app.mode(), name: app.name });
  const made: Record<Format, () => Promise<Blob>> = {
    svg: async () => new Blob([drawn().text], { type: "image/svg+xml" }),
    png: () => png(drawn()),
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

type Item = { id: string; label: string; values: Record<string, string> };

interface Exported {
  nodes: (Item & { x: number; y: number; size: number; colour: string })[];
  edges: (Item & { source: string; target: string })[];
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
  const channels = (colour: string): string =>
    ["r", "g", "b"].map((name, at) => `${name}="${parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16)}"`).join(" ");
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
