/** The contributions of each source, and the differences between sources. */

import type { Binding, Dispute, Side } from "../api";
import type { App } from "../app";
import { csvFile } from "../csv";
import { dayInWords } from "../dictionary";
import { type Child, el, swap } from "../dom";
import { download } from "../export";
import { isRedrawn } from "../state";
import { sourcesWords } from "../words/sources";
import { quotes, sign, termShown, thingLink } from "./components";
import { type Column, grid, inOrder, markChosen, portions } from "./grid";
import { loading } from "./loading";
import { share } from "./share";
import type { View } from "./view";

const SOURCE = "https://w3id.org/sekg/ns#Source";
const COUNTS = ["stated", "shared", "alone", "unasserted", "refines", "contradicts", "unknown"] as const;
/** The differences that are shown at first, and with each click. */
const DISPUTES = 20;
/** The sources that state most come first. */
const USUAL = "-stated";

export function open(app: App): View {
  const table = el("div", { class: "result" });
  const legend = el("div");
  const disputes = el("div");
  const element = el("section", { class: "page sources" }, legend, table, disputes);
  const showTable = loading(app, table);
  const showDisputes = loading(app, disputes);

  const drawTable = (): void => {
    swap(legend, explained(app));
    void showTable(() => app.source.sources(app.lang()), (found) => contributions(app, found.results?.bindings ?? []));
  };
  const drawDisputes = (): void => void showDisputes(() => app.source.disputes(), ({ disputes: found, names }) => {
    app.dictionary.learn(names);
    return disagreements(app, found);
  });
  drawTable();
  drawDisputes();
  return {
    element,
    update(state, before) {
      if (!isRedrawn(state, before)) return markChosen(app, element);
      drawTable();
      if (state.lang !== before.lang) drawDisputes();
    },
  };
}

function explained(app: App): Child {
  const words = sourcesWords(app.lang());
  return [
    el("p", { class: "soft" }, words.lead),
    el("details", { class: "meanings" }, el("summary", {}, words.meanings),
      el("dl", {}, COUNTS.map((key) => [el("dt", {}, words.columns[key]), el("dd", {}, words.help[key])]))),
  ];
}

function contributions(app: App, rows: readonly Binding[]): Child[] {
  const words = sourcesWords(app.lang());
  const columns: Column<Binding>[] = [
    { key: "title", title: words.columns.source, value: ({ title }) => title?.value ?? null,
      shown: ({ source, title }) =>
        source && el("span", { class: "marked" }, sign(SOURCE), thingLink(app, source.value, title?.value)) },
    { key: "issued", title: words.columns.issued, value: (row) => row.issued?.value || null,
      shown: (row) => issued(app, row.issued?.value) },
    ...COUNTS.map((key): Column<Binding> => ({
      key, title: words.columns[key], help: words.help[key], isNumber: true,
      value: (row) => Number(row[key]?.value ?? 0),
      shown: (row) => count(app, key, Number(row[key]?.value ?? 0)),
    })),
  ];
  return [
    grid(app, { caption: words.caption(rows.length), columns, rows, usual: USUAL,
      thing: (row) => row.source?.value ?? "" }),
    el("p", { class: "downloads" }, el("button", { onclick: () => take(app, rows, columns) }, app.words().asCsv),
      share(app)),
  ];
}

const issued = (app: App, day: string | undefined): Child =>
  day ? el("time", { datetime: day }, dayInWords(day, app.words()))
    : el("span", { class: "soft" }, sourcesWords(app.lang()).undated);

function count(app: App, key: (typeof COUNTS)[number], n: number): Child {
  const text = n.toLocaleString(app.words().locale);
  if (n === 0) return el("span", { class: "soft" }, text);
  return key === "contradicts" ? el("strong", { class: "against" }, `≠ ${text}`) : text;
}

function take(app: App, rows: readonly Binding[], columns: readonly Column<Binding>[]): void {
  const cells = inOrder(app, rows, columns, USUAL)
    .map((row) => [row.source?.value ?? null, ...columns.map((column) => column.value(row))]);
  download(csvFile([["IRI", ...columns.map(({ title }) => title)], ...cells]), "kgraph-sources.csv");
}

function disagreements(app: App, all: readonly Dispute[]): Child[] {
  const words = sourcesWords(app.lang());
  const part = (isContradiction: boolean, title: string, lead: string): Child => {
    const own = all.filter(({ contradiction }) => contradiction === isContradiction);
    const list = el("div");
    return own.length > 0 && el("section", {}, el("h3", {}, title, el("span", { class: "soft" }, ` (${own.length})`)),
      el("p", { class: "soft" }, lead), list, portions(app, list, own, (one) => dispute(app, one), DISPUTES));
  };
  return [
    el("h2", { id: "disputes" }, words.disputes),
    all.length === 0 && el("p", { class: "none" }, words.noDisputes),
    part(true, `≠ ${words.contradictions}`, words.contradictionsLead),
    part(false, `⊂ ${words.refinements}`, words.refinementsLead),
  ];
}

function dispute(app: App, { contradiction: isContradiction, one, other }: Dispute): HTMLElement {
  const words = sourcesWords(app.lang());
  const isOneQuestion = one.subject === other.subject && one.predicate === other.predicate;
  return el("article", { class: `dispute ${isContradiction ? "contradiction" : "refinement"}` },
    el("h4", {}, thingLink(app, one.subject), " · ", el("span", { class: "relation" }, app.name(one.predicate))),
    el("div", { class: "sides" },
      side(app, one, isContradiction ? words.oneSide : words.precise, false),
      el("span", { class: "versus", "aria-hidden": "true" }, isContradiction ? "≠" : "⊂"),
      side(app, other, isContradiction ? words.otherSide : words.general, !isOneQuestion),
    ),
  );
}

function side(app: App, { subject, predicate, object, source, places }: Side, title: string,
    isWhole: boolean): HTMLElement {
  return el("div", { class: "side" },
    el("p", { class: "which soft" }, title, ": ", thingLink(app, source)),
    el("p", { class: "claim" }, isWhole && [thingLink(app, subject), " · ",
      el("span", { class: "relation" }, `${app.name(predicate)}:`), " "], el("strong", {}, termShown(app, object))),
    places.some(({ words }) => words !== null) ? quotes(app, places)
      : el("p", { class: "which soft" }, app.words().noWording),
  );
}
