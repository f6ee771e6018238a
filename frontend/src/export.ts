/** The picture as a file: SVG, PNG made from it, GEXF and GraphML. */

import type { Edge, Thing } from "./api";
import type { App } from "./app";
import { dayInWords } from "./dictionary";
import { el } from "./dom";
import { type Drawn, type Entry, type Framing, framed } from "./draw/framing";
import { asShown, painter } from "./draw/shown";
import { drawing, round, xml } from "./draw/svg";
import { edgeKey, type Graph, isHeld, isPresent, manner, sizes, type Visible } from "./graph";
import { byLegend, hueOf, radius } from "./look";
import { chosenNames, isEverything, type Selection } from "./selection";
import { MANNERS, toHash } from "./state";
import type { DrawnFormat } from "./views/picture-files";

export type Format = DrawnFormat | "gexf" | "graphml";

/** Downloads the visible part of a graph, by default of that of the network view. */
export async function save(app: App, visible: Visible, format: Format, graph = app.exploration.graph): Promise<void> {
  const made: Record<Format, () => Promise<Blob>> = {
    svg: async () => drawnFile(await picture(app, visible, graph), "svg"),
    png: async () => drawnFile(await picture(app, visible, graph), "png"),
    gexf: async () => new Blob([gexf(app, graph, visible)], { type: "application/gexf+xml" }),
    graphml: async () => new Blob([graphml(app, graph, visible)], { type: "application/graphml+xml" }),
  };
  download(await made[format](), `kgraph.${format}`);
}

/** The visible part of the graph in its frame. */
async function picture(app: App, visible: Visible, graph: Graph): Promise<Drawn> {
  const title = titleOf(app);
  const drawn = drawing(graph, visible, { title, mode: app.mode(), name: app.name });
  const sources = [...visible.edges].flatMap((key) => graph.getEdgeAttribute(key, "places"));
  return framed(drawn, {
    title,
    subtitle: subtitleOf(app, visible),
    legend: legendOf(app, graph, visible),
    lines: await creditOf(app, new Set(sources.map(({ source }) => source)).size),
    mode: app.mode(),
  });
}

/** What the frame of a drawing says besides the credit; `also` are paragraphs below that. */
export interface Telling extends Pick<Framing, "title" | "subtitle" | "legend"> {
  /** The number of sources it is made of. */
  readonly sources: number;
  readonly also?: readonly string[];
}

/** Downloads a drawing in its frame. */
export async function saveDrawing(app: App, drawing: Drawn, { sources, also = [], ...told }: Telling, name: string,
    format: DrawnFormat): Promise<void> {
  const lines = [...await creditOf(app, sources), ...also];
  download(await drawnFile(framed(drawing, { ...told, lines, mode: app.mode() }), format), `${name}.${format}`);
}

/** Downloads a map of the page in a frame, with the colours of its scale. */
export async function saveMap(app: App, map: SVGSVGElement, scale: HTMLElement, format: DrawnFormat): Promise<void> {
  const { title, views, map: words } = app.words();
  const { selection } = app.state();
  const rgb = painter();
  const [heading] = scale.getElementsByTagName("strong");
  const legend = [...scale.getElementsByTagName("span")].map((one, at): Entry => ({
    mark: { colour: rgb(getComputedStyle(one.firstElementChild!).backgroundColor) },
    text: at === 0 ? `${heading?.textContent ?? ""}: ${one.textContent}` : one.textContent,
  }));
  const told = {
    title: `${title}: ${views.map}`, subtitle: [words.places, ...chosenNames(selection, app.name)].join(" · "), legend,
    sources: await sourcesOf(app, selection), also: [words.credit],
  };
  await saveDrawing(app, asShown(map), told, "kgraph-map", format);
}

/** The number of sources of what is selected. */
export async function sourcesOf(app: App, selection: Selection): Promise<number> {
  const { facets } = await app.source.facets(selection, { facet: "source", text: "" });
  return (facets.source?.values.length ?? 0) + (facets.source?.left ?? 0);
}

/** What the picture shows: the surroundings of a thing, a chain, or the whole. */
function titleOf(app: App): string {
  const { start, chain } = app.state();
  const words = app.words();
  if (chain) return `${words.chain}: ${chain.map(app.name).join(" – ")}`;
  return typeof start === "object" ? words.fill(words.focusOn, { name: app.name(start.focus) }) : words.title;
}

function subtitleOf(app: App, visible: Visible): string {
  const { day, selection } = app.state();
  const words = app.words();
  const when = day ? `${words.time}: ${dayInWords(day, words)}` : words.everyDay;
  const shown = words.showing(...sizes(app.exploration.graph, visible));
  return [shown, when, ...chosenNames(selection, app.name)].join(" · ");
}

/** The kinds and the lines that are visible. */
function legendOf(app: App, graph: Graph, visible: Visible): Entry[] {
  const words = app.words();
  const kinds = new Set([...visible.nodes].map((iri) => graph.getNodeAttribute(iri, "kind")));
  const edges = [...visible.edges].map((key) => graph.getEdgeAttributes(key));
  const lines = MANNERS.filter((how) => edges.some((edge) => !edge.disputed && manner(edge) === how));
  return [
    ...[...kinds].sort(byLegend).map((kind): Entry => ({ mark: { kind }, text: app.name(kind) })),
    ...lines.map((line): Entry => ({ mark: { line }, text: words.manners[line] })),
    ...(edges.some((edge) => edge.disputed) ? [{ mark: { line: "disputed" }, text: words.disputedLine } as Entry] : []),
  ];
}

/** Source, licence, address and day of a picture that is made of so many sources; charts and maps may use it too. */
async function creditOf(app: App, sources: number): Promise<string[]> {
  const { fill, credit, ofSources, title, licence } = app.words();
  const about = await app.source.about().catch(() => null);
  const today = dayInWords(new Date().toISOString().slice(0, 10), app.words());
  const address = new URL(toHash({ ...app.state(), embedded: false }), location.href).href;
  return [
    `${fill(credit.source, { title, sources: fill(ofSources, { n: sources }) })} ${fill(credit.made, { day: today })}`,
    ...(about ? [`${licence}: ${licenceName(about.licence)} · kgraph ${about.version}`] : []),
    address,
  ];
}

/** The short name of a Creative Commons licence beside its address. */
function licenceName(address: string): string {
  const [, kind, version] = /creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/.exec(address) ?? [];
  return kind ? `CC ${kind.toUpperCase()} ${version} (${address})` : address;
}

export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A drawing as a file. */
async function drawnFile(drawn: Drawn, format: DrawnFormat): Promise<Blob> {
  return format === "png" ? png(drawn) : new Blob([drawn.text], { type: "image/svg+xml" });
}

async function png({ text, width, height }: Drawn): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = el("canvas", { width: width * 2, height: height * 2 });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(
    (done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no image"))), "image/png"));
}

const NODE_FIELDS = ["kind", "label_pl", "label_en", "from", "to"];
const EDGE_FIELDS = ["predicate", "manner", "rule", "disputed", "sources"];

/** Every visible thing and fact; of what is drawn as a line, the thing and its facts. */
function exported(app: App, graph: Graph, visible: Visible) {
  const isExplored = graph === app.exploration.graph;
  const { things, facts } = isExplored ? undrawnBeside(app, visible) : { things: [], facts: [] };
  const placed = new Map([...visible.nodes].map((iri) => [iri, graph.getNodeAttributes(iri)]));
  const lines = [...visible.edges].map((key) => graph.getEdgeAttributes(key)).filter(({ through }) => !through);
  const all = new Map([...lines, ...facts].map((edge) => [edgeKey(edge), edge]));
  return {
    nodes: [
      ...[...placed.values()].map((thing) => node(app, thing, graph.degree(thing.iri))),
      ...things.map((thing) => node(app, { ...thing, ...middleOf(thing, facts, placed) }, 1)),
    ],
    edges: [...all].map(([id, edge]) => ({
      id, source: edge.source, target: edge.target, label: app.name(edge.predicate),
      values: {
        predicate: edge.predicate, manner: manner(edge), rule: edge.rule ?? "", disputed: String(edge.disputed),
        sources: [...new Set(edge.places.map((one) => one.source))].join(" "),
      },
    })),
  };
}

function node(app: App, { iri, kind, labels, from, to, x, y }: Thing, degree: number) {
  return {
    id: iri, label: app.name(iri), x, y, size: radius(kind, degree, 1), colour: hueOf(kind, "light"),
    values: { kind, label_pl: labels.pl ?? "", label_en: labels.en ?? "", from: from ?? "", to: to ?? "" },
  };
}

/** What is not drawn as itself and was there on the day, of a selection only what leads to it; and its facts. */
function undrawnBeside(app: App, { nodes }: Visible): { things: Thing[]; facts: Edge[] } {
  const { day, selection } = app.state();
  const isAll = isEverything(selection);
  const { things, facts } = app.exploration.undrawn();
  const present = new Set(things.filter((thing) => isPresent(thing, day)).map(({ iri }) => iri));
  const held = facts.filter((fact) => isHeld(fact, day)
    && [fact.source, fact.target].every((end) => nodes.has(end) || present.has(end)));
  const reached = new Set(nodes);
  for (let size = -1; size < reached.size;) {
    size = reached.size;
    for (const { source, target } of held) {
      if (reached.has(source) || reached.has(target)) reached.add(source).add(target);
    }
  }
  return { things: things.filter(({ iri }) => present.has(iri) && (isAll || reached.has(iri))),
    facts: held.filter(({ source }) => isAll || reached.has(source)) };
}

/** The middle of the visible things that some facts link with a thing; the origin without any. */
function middleOf({ iri }: Thing, facts: readonly Edge[], placed: ReadonlyMap<string, Thing>): Pick<Thing, "x" | "y"> {
  const ends = facts.flatMap(({ source, target }) => (source === iri ? [target] : target === iri ? [source] : []))
    .flatMap((end) => placed.get(end) ?? []);
  const mean = (axis: "x" | "y"): number => ends.reduce((sum, end) => sum + end[axis], 0) / Math.max(1, ends.length);
  return { x: mean("x"), y: mean("y") };
}

/** An XML element with its attributes. */
const tag = (name: string, attributes: Record<string, string | number>, inside = ""): string =>
  `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(String(value))}"`).join("")}`
  + (inside ? `>${inside}</${name}>` : "/>");

/** Elements for the values that are not empty. */
const filled = (values: Record<string, string>, made: (name: string, value: string) => string): string =>
  Object.entries(values).map(([name, value]) => (value && made(name, value))).join("");

export function gexf(app: App, graph: Graph, visible: Visible): string {
  const { nodes, edges } = exported(app, graph, visible);
  const fields = (kind: string, names: string[]): string =>
    tag("attributes", { class: kind }, names.map((id) => tag("attribute", { id, title: id, type: "string" })).join(""));
  const values = (of: Record<string, string>): string =>
    tag("attvalues", {}, filled(of, (name, value) => tag("attvalue", { for: name, value })));
  const channels = (colour: string) => Object.fromEntries(
    ["r", "g", "b"].map((name, at) => [name, parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16)]));
  const node = ({ id, label, values: own, colour, x, y, size }: (typeof nodes)[number]): string =>
    tag("node", { id, label }, values(own) + tag("viz:color", channels(colour))
      + tag("viz:position", { x: round(x), y: round(y), z: 0 }) + tag("viz:size", { value: round(size) }));
  const edge = ({ values: own, ...ends }: (typeof edges)[number]): string => tag("edge", ends, values(own));
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
  const key = (kind: string) => (name: string): string => tag("key", { id: `${kind}_${name}`, for: kind,
    "attr.name": name, "attr.type": name === "x" || name === "y" ? "double" : "string" });
  const data = (kind: string, of: Record<string, string>): string =>
    filled(of, (name, value) => tag("data", { key: `${kind}_${name}` }, xml(value)));
  const node = ({ id, label, x, y, values }: (typeof nodes)[number]): string =>
    tag("node", { id }, data("node", { label, x: String(round(x)), y: String(round(y)), ...values }));
  const edge = ({ id, source, target, label, values }: (typeof edges)[number]): string =>
    tag("edge", { id, source, target }, data("edge", { label, ...values }));
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
