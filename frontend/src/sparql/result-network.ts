/** An answer as a network; a click on a line shows the sources of its fact below. */

import type { App } from "../app";
import { type Child, el, hasTouch, swap } from "../dom";
import { type Picture, picture } from "../draw/picture";
import type { Scene } from "../draw/stage";
import { fetchLabels } from "../fetch-labels";
import { empty, type Graph, manner, merge, type Visible } from "../graph";
import { iconButton, marks, quotes, sample, sentence } from "../views/components";
import { otherSides } from "../views/fact";
import { pictureButtons } from "../views/picture-files";
import type { Mounted } from "../views/view";
import { WORDS } from "../words";
import { type Answer, triplesOf } from "./answer";
import { type Linked, linked, SAME_ROW } from "./answer-network";

const MOST = 3000;
const ROOM = { top: 50, right: 90, bottom: 60, left: 90 };
const NONE: readonly string[] = [];
const NO_PINS = {};
const UNCOVERED = { top: 0, right: 0, bottom: 0, left: 0 };

export async function draw(
  app: App, place: HTMLElement, answer: Answer, about: readonly string[],
): Promise<Mounted> {
  const whole = await app.source.whole();
  app.dictionary.learnAll(whole);
  app.dictionary.learn({ [SAME_ROW]: { pl: WORDS.pl.forms.sameRow, en: WORDS.en.forms.sameRow } });
  const all = linked(answer, whole, about);
  const shown = { ...all, edges: all.edges.slice(0, MOST) };
  await fetchLabels(app, [...shown.nodes.map(({ iri }) => iri), ...shown.edges.map(({ predicate }) => predicate)])
    .catch(() => undefined);
  const graph = empty();
  merge(graph, shown);
  const { forms, picture: title, showing } = app.words();
  const label = `${title}: ${showing(graph.order, graph.size)}`;
  const canvas = el("div", { class: "canvas", role: "img", "aria-label": label });
  const chosen = el("div", { class: "chosen-fact", role: "status" });
  swap(place,
    el("div", { class: "result-picture" }, canvas,
      el("div", { class: "zoom", role: "group", "aria-label": title }, zooms(app, () => drawn)),
      saves(app, graph, () => visible)),
    el("div", {}, legend(app, shown), left(app, answer, shown),
      el("p", { class: "soft" }, hasTouch() ? forms.tap : forms.touch)),
    chosen,
  );

  let fact: string | null = null;
  const visible: Visible = { nodes: new Set(graph.nodes()), edges: new Set(graph.edges()) };
  const scene = (): Scene => ({ visible, thing: app.state().thing, fact, pinned: NO_PINS, chain: NONE, cursor: null,
    mode: app.mode(), covered: UNCOVERED, name: app.name });
  const chooseFact = (key: string | null): void => {
    fact = key;
    swap(chosen, key && told(app, graph, key));
    drawn.show(scene());
  };
  const drawn = picture(canvas, graph, scene(), { choose: app.open, chooseFact, chooseNothing: () => chooseFact(null),
    expand: app.open, pin: () => undefined, hover: () => undefined });
  drawn.fit(null, ROOM, false);
  return { update: () => drawn.show(scene()), leave: drawn.leave };
}

const zooms = (app: App, drawn: () => Picture): HTMLElement[] => {
  const words = app.words();
  return [
    iconButton(null, words.closer, "+", () => drawn().zoom(0.7)),
    iconButton(null, words.farther, "−", () => drawn().zoom(1.4)),
    iconButton(null, words.fit, "⤢", () => drawn().fit(null, ROOM, true)),
  ];
};

/** The picture as a file. */
const saves = (app: App, graph: Graph, visible: () => Visible): HTMLElement =>
  pictureButtons(app, async (format) => (await import("../export")).save(app, visible(), format, graph));

function legend(app: App, { edges }: Linked): Child {
  const words = app.words();
  const facts = edges.filter(({ predicate }) => predicate !== SAME_ROW);
  const line = (how: "stated" | "inferred" | "said", text: string): Child => el("li", {}, sample(how), text);
  return el("ul", { class: "forms soft" },
    facts.some((edge) => manner(edge) === "stated") && line("stated", words.manners.stated),
    facts.some((edge) => manner(edge) === "inferred") && line("inferred", words.manners.inferred),
    facts.length < edges.length && line("said", words.forms.sameRowLine),
  );
}

/** The number of triples that are not drawn. */
function left(app: App, answer: Answer, { edges }: Linked): Child {
  const { fill, forms } = app.words();
  const n = (triplesOf(answer) ?? []).length - edges.length;
  return n > 0 && el("p", { class: "soft" }, fill(forms.left, { n }));
}

/** A fact in words with its marks and sources, or that two things stand in one row. */
function told(app: App, graph: Graph, key: string): Child[] {
  const edge = graph.getEdgeAttributes(key);
  return [
    sentence(app, edge.source, edge.predicate, { iri: edge.target }),
    edge.predicate !== SAME_ROW
      && [el("p", { class: "marks" }, marks(app, edge)), quotes(app, edge.places), otherSides(app, edge)],
  ];
}
