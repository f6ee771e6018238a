/** One fact, chosen by its line: the sentence, how it is known, and where it is said. */

import type { App } from "../app";
import { el, type Child } from "../dom";
import { manner } from "../graph";
import { called } from "../names";
import { marks, quotes, sample, sentence, why } from "./parts";

export function factCard(app: App, key: string, definition: Partial<Record<string, string>> | undefined): Child[] {
  const words = app.words();
  const { graph } = app.exploration;
  const heading = el("h2", { tabindex: "-1" }, words.fact);
  if (!graph.hasEdge(key)) return [heading, el("p", { class: "soft" }, app.exploration.isReady() ? words.trouble.missing : words.loading)];
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
  ];
}
