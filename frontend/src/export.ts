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
  return new Promise(
    (done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no image"))), "image/png"));
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

const filled = (values: Record<string, string>): [string, string][] => Object.entries(values)
  .filter(([, value]) => value !== "");

export function gexf(app: App, graph: Graph, visible: Visible): string {
  const { nodes, edges } = exported(app, graph, visible);
  const field = (name: string): string => `<attribute id="${name}" title="${name}" type="string"/>`;
  const fields = (kind: string, names: string[]): string =>
    `<attributes class="${kind}">${names.map(field).join("")}</attributes>`;
  const value = ([name, text]: [string, string]): string => `<attvalue for="${name}" value="${xml(text)}"/>`;
  const values = (of: Record<string, string>): string => `<attvalues>${filled(of).map(value).join("")}</attvalues>`;
  const node = ({ id, label, values: own, colour, x, y, size }: Exported["nodes"][number]): string =>
    `<node id="${xml(id)}" label="${xml(label)}">${values(own)}<viz:color ${channels(colour)}/>`
    + `<viz:position x="${round(x)}" y="${round(y)}" z="0"/><viz:size value="${round(size)}"/></node>`;
  const edge = ({ id, source, target, label, values: own }: Exported["edges"][number]): string =>
    `<edge id="${xml(id)}" source="${xml(source)}" target="${xml(target)}" label="${xml(label)}">${values(own)}</edge>`;
  const channels = (colour: string): string =>
    ["r", "g", "b"].map((name, at) => `${name}="${parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16)}"`).join(" ");
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed">
${fields("node", NODE_FIELDS)}
${fields("edge", EDGE_FIELDS)}
<nodes>
${nodes.map(node).join("\n")}
</nodes>
<edges>
${edges.map(edge).join("\n")}
</edges>
</graph>
</gexf>
`;
}

export function graphml(app: App, graph: Graph, visible: Visible): string {
  const { nodes, edges } = exported(app, graph, visible);
  const key = (kind: string) => (name: string): string => {
    const type = name === "x" || name === "y" ? "double" : "string";
    return `<key id="${kind}_${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`;
  };
  const data = (kind: string, of: Record<string, string>): string =>
    filled(of).map(([name, value]) => `<data key="${kind}_${name}">${xml(value)}</data>`).join("");
  const node = ({ id, label, x, y, values }: Exported["nodes"][number]): string => {
    const own = { label, x: String(round(x)), y: String(round(y)), ...values };
    return `<node id="${xml(id)}">${data("node", own)}</node>`;
  };
  const edge = ({ id, source, target, label, values }: Exported["edges"][number]): string => {
    const own = data("edge", { label, ...values });
    return `<edge id="${xml(id)}" source="${xml(source)}" target="${xml(target)}">${own}</edge>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${["label", "x", "y", ...NODE_FIELDS].map(key("node")).join("\n")}
${["label", ...EDGE_FIELDS].map(key("edge")).join("\n")}
<graph edgedefault="directed">
${nodes.map(node).join("\n")}
${edges.map(edge).join("\n")}
</graph>
</graphml>
`;
}
