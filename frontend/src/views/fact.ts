/** The card of a fact: its evidence, and the claims of other sources that contradict it. */

import type { Dispute, Edge, Side } from "../api";
import type { App } from "../app";
import { called, isIri } from "../dictionary";
import { type Child, el } from "../dom";
import { edgeKey, manner } from "../graph";
import { marks, quotes, sample, sentence, why } from "./components";
import { loading } from "./loading";

export function factCard(app: App, key: string, definition: Partial<Record<string, string>> | undefined): Child[] {
  const words = app.words();
  const { graph } = app.exploration;
  const heading = el("h2", { tabindex: "-1" }, words.fact);
  if (!graph.hasEdge(key)) return [heading,
    el("p", { class: "soft" }, app.exploration.isReady() ? words.trouble.missing : words.loading)];
  const edge = graph.getEdgeAttributes(key);
  const how = manner(edge);
  const meaning = called(definition, app.lang());
  return [
    heading,
    sentence(app, edge.source, edge.predicate, { iri: edge.target }),
    meaning && el("p", { class: "soft" }, meaning),
    el("p", { class: "how" }, sample(edge.disputed ? "disputed" : how), " ", el("span", {}, words.mannerHelp[how])),
    el("p", {}, marks(app, edge).map((mark) => [mark ?? null, " "])),
    quotes(app, edge.places),
    how === "inferred" && why(app, edge.source, edge.predicate, { iri: edge.target }),
    otherSides(app, edge),
  ];
}

/** The claims of other sources that contradict a fact, with their words. */
export function otherSides(app: App, edge: Edge): Child {
  if (!edge.disputed) return null;
  const place = el("section", { class: "box differences" });
  void loading(app, place)(() => app.source.disputes(), ({ disputes, names }) => {
    app.dictionary.learn(names);
    return [el("h3", {}, `≠ ${app.words().otherSides}`), el("ul", {}, against(disputes, edgeKey(edge)).map(
      (side) => el("li", {}, sentence(app, side.subject, side.predicate, side.object), quotes(app, side.places))))];
  });
  return place;
}

function against(disputes: readonly Dispute[], fact: string): Side[] {
  const isOf = ({ subject, predicate, object }: Side): boolean =>
    isIri(object) && edgeKey({ source: subject, predicate, target: object.iri }) === fact;
  return disputes.flatMap(({ contradiction: isContradiction, one, other }) =>
    (!isContradiction ? [] : isOf(one) ? [other] : isOf(other) ? [one] : []));
}
