/** The facts of the picture as a table, for readers who do not use the drawing. */

import type { App } from "../app";
import { type Child, el, swap } from "../dom";
import { manner, sizes, titleOf, type Visible } from "../graph";
import { sample, sign, thingLink } from "../views/components";
import { portions } from "../views/grid";
import { chooseLine } from "./pointing";

/** The most things without an edge that are listed. */
const MOST = 300;

export function showList(app: App, place: HTMLElement, visible: Visible): void {
  const words = app.words();
  const { graph } = app.exploration;
  const sorted = new Intl.Collator(words.locale);
  const rows = [...visible.edges]
    .filter((key) => graph.hasEdge(key))
    .map((key) => ({ key, edge: graph.getEdgeAttributes(key), subject: app.name(graph.source(key)),
      relation: titleOf(graph.getEdgeAttributes(key)).map(app.name).join(", "), object: app.name(graph.target(key)) }))
    .sort((one, other) => sorted.compare(one.subject, other.subject) || sorted.compare(one.relation, other.relation)
      || sorted.compare(one.object, other.object));
  const body = el("tbody");
  const thing = (iri: string): Child => [sign(graph.getNodeAttribute(iri, "kind")), " ", thingLink(app, iri)];

  function row({ key, edge, relation }: (typeof rows)[number]): HTMLElement {
    const how = manner(edge);
    const sources = [...new Set(edge.places.map((one) => one.source))];
    return el("tr", { "aria-current": app.state().fact === key ? "true" : null },
      el("th", { scope: "row" }, thing(edge.source)),
      el("td", {}, relation),
      el("td", {}, thing(edge.target)),
      el("td", {}, el("button", { class: "plain", onclick: () => chooseLine(app, key) },
        sample(edge.disputed ? "disputed" : how), " ", words.manners[how], edge.disputed && `, ${words.disputedLine}`)),
      el("td", {}, sources.map((source, index) => [index > 0 && "; ", thingLink(app, source)])),
    );
  }

  const more = portions(app, body, rows, row);
  const alone = [...visible.nodes].filter((iri) => graph.hasNode(iri) && graph.degree(iri) === 0);
  const { subject, relation, object, manner: how, sources } = words.columns;
  swap(place,
    el("table", {},
      el("caption", {}, `${words.listOf}: ${words.showing(...sizes(graph, visible))}`),
      el("thead", {},
        el("tr", {}, [subject, relation, object, how, sources].map((title) => el("th", { scope: "col" }, title)))),
      body,
    ),
    more,
    rows.length === 0 && el("p", {}, words.emptyPicture),
    alone.length > 0 && el("ul", { class: "alone" }, alone.slice(0, MOST).map((iri) => el("li", {}, thing(iri)))),
  );
}
