/** The triples of a result as the network is drawn: things in their places of the whole graph, others beside a neighbour. */

import type { Term, Thing } from "../api";
import type { App } from "../app";
import { el, swap } from "../dom";
import { hasWebgl, picture } from "../draw/picture";
import { empty, merge } from "../graph";
import { isIri } from "../names";

type Triple = readonly [Term, Term, Term];

const MOST = 3000;
const OTHER = "http://www.w3.org/2000/01/rdf-schema#Resource";

/** Draw them in a place; what is returned takes the picture down. */
export function draw(app: App, place: HTMLElement, triples: readonly Triple[]): () => void {
  const words = app.words().query;
  const lines = triples.flatMap(([subject, predicate, object]) => (isIri(subject) && isIri(predicate) && isIri(object) ? [[subject.iri, predicate.iri, object.iri] as const] : [])).slice(0, MOST);
  if (!lines.length || !hasWebgl()) {
    swap(place, el("p", {}, lines.length ? app.words().noWebgl : words.nothingToDraw));
    return () => undefined;
  }
  let leave: (() => void) | null = null;
  let isGone = false;
  const canvas = el("div", { class: "canvas" });
  const left = triples.length - lines.length;
  swap(place, el("div", { class: "result-picture", role: "img", "aria-label": `${app.words().picture}: ${words.triples(lines.length)}` }, canvas), left > 0 && el("p", { class: "soft" }, words.notDrawn(left)));

  void app.source.whole().then(({ nodes, names }) => {
    app.dictionary.learn(names);
    return nodes;
  }, () => []).then((known) => {
    if (isGone) return;
    const graph = empty();
    merge(graph, { nodes: things(lines, known), edges: lines.map(([source, predicate, target]) => ({ source, predicate, target, asserted: true, rule: null, disputed: false, single: true, places: [] })) });
    for (const iri of graph.nodes()) app.dictionary.learn({ [iri]: graph.getNodeAttribute(iri, "labels") });
    const none = { top: 0, right: 0, bottom: 0, left: 0 };
    const drawn = picture(canvas, graph, { visible: { nodes: new Set(graph.nodes()), edges: new Set(graph.edges()) }, thing: null, fact: null, chain: [], cursor: null, mode: app.mode(), name: app.name, covered: none }, {
      choose: (iri) => app.open(iri),
      chooseFact: () => undefined, chooseNothing: () => undefined, expand: (iri) => app.open(iri), pin: () => undefined, hover: () => undefined,
    });
    drawn.fit(null, { top: 50, right: 90, bottom: 60, left: 90 }, false);
    leave = () => drawn.leave();
  });
  return () => {
    isGone = true;
    leave?.();
  };
}

/** What the triples mention, with a place: that of the whole graph, else a ring around the first neighbour that has one. */
function things(lines: readonly (readonly [string, string, string])[], known: readonly Thing[]): Thing[] {
  const all = new Map(known.map((thing) => [thing.iri, thing]));
  const placed = new Map<string, Thing>();
  const mentioned = [...new Set(lines.flatMap(([subject, , object]) => [subject, object]))];
  for (const iri of mentioned) if (all.has(iri)) placed.set(iri, all.get(iri)!);
  const near = new Map<string, string>();
  for (const [subject, , object] of lines) {
    if (!near.has(subject)) near.set(subject, object);
    if (!near.has(object)) near.set(object, subject);
  }
  mentioned.filter((iri) => !placed.has(iri)).forEach((iri, index) => {
    const centre = placed.get(near.get(iri) ?? "") ?? { x: 0, y: 0 };
    const [angle, distance] = [index * 2.399963, 60 + 12 * Math.sqrt(index)];
    placed.set(iri, { iri, kind: OTHER, labels: {}, x: centre.x + distance * Math.cos(angle), y: centre.y + distance * Math.sin(angle), from: null, to: null });
  });
  return [...placed.values()];
}
