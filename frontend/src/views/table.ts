/** The things of a kind as a table, which can be sorted, filtered and downloaded. */

import type { Class, Row } from "../api";
import type { App } from "../app";
import { csvFile } from "../csv";
import { type Debounce, debounce } from "../debounce";
import { called, dayInWords, ending } from "../dictionary";
import { type Child, el, swap } from "../dom";
import { download } from "../export";
import { fold, holds } from "../fold";
import { byLegend, isMarked } from "../look";
import { isRedrawn, withParams } from "../state";
import { sign, thingLink } from "./components";
import { type Column, grid, inOrder, markChosen } from "./grid";
import { loading } from "./loading";
import { share } from "./share";
import type { View } from "./view";

const USUAL = "http://www.w3.org/ns/org#Organization";
const PAUSE = 150;

export function open(app: App): View {
  const tools = el("div", { class: "controls" });
  const result = el("div", { class: "result" });
  const element = el("section", { class: "page" }, tools, result);
  const show = loading(app, result);
  const typing = debounce(PAUSE);

  async function draw(): Promise<void> {
    const state = app.state();
    await show(
      async () => {
        const { classes } = await app.source.schema();
        const kind = chosenKind(app, classes);
        const { rows, names } = await app.source.table(kind);
        app.dictionary.learn(names);
        app.dictionary.learnThings(rows);
        return { classes, kind, rows };
      },
      ({ classes, kind, rows }) => {
        if (tools.lang !== state.lang) swap(tools, controls(app, classes, kind, typing));
        tools.lang = state.lang;
        tools.querySelector("select")!.value = kind;
        tools.querySelector("input")!.placeholder = app.words().table.filterHint;
        return sheet(app, kind, matching(app, rows));
      },
    );
  }

  void draw();
  return {
    element,
    update(state, before) {
      if (!isRedrawn(state, before)) return markChosen(app, result);
      const filter = tools.querySelector("input");
      if (filter && document.activeElement !== filter) filter.value = state.params.filter ?? "";
      void draw();
    },
    leave: () => typing.cancel(),
  };
}

const chosenKind = (app: App, classes: readonly Class[]): string =>
  app.state().params.kind ?? (classes.find(({ iri }) => iri === USUAL) ?? classes[0])?.iri ?? USUAL;

function controls(app: App, classes: readonly Class[], kind: string, typing: Debounce): Child[] {
  const words = app.words().table;
  const collator = new Intl.Collator(app.words().locale);
  const present = classes.filter(({ iri, count }) => count > 0 || iri === kind);
  const drawn = present.filter(({ iri }) => isMarked(iri)).sort((one, other) => byLegend(one.iri, other.iri));
  const others = present.filter(({ iri }) => !isMarked(iri))
    .sort((one, other) => collator.compare(app.name(one.iri), app.name(other.iri)));
  const option = ({ iri, labels, count }: Class): HTMLElement => el("option", { value: iri, selected: iri === kind },
    `${called(labels, app.lang()) ?? ending(iri)} (${count.toLocaleString(app.words().locale)})`);
  const choose = ({ target }: Event): void => {
    typing.cancel();
    app.store.step({ params: withParams(app.state(), { kind: (target as HTMLSelectElement).value, filter: null }) });
  };
  return [
    el("label", { class: "field" },
      el("span", {}, words.kind),
      el("select", { id: "table-kind", onchange: choose },
        el("optgroup", { label: words.things }, drawn.map(option)),
        others.length > 0 && el("optgroup", { label: words.others }, others.map(option)),
      ),
    ),
    el("label", { class: "field wide" },
      el("span", {}, words.filter),
      el("input", {
        id: "table-filter", type: "search", autocomplete: "off", spellcheck: "false", value: app.state().params.filter,
        oninput: (event: Event) => {
          const filter = (event.target as HTMLInputElement).value;
          typing.soon(() => app.store.adjust({ params: withParams(app.state(), { filter }) }));
        },
      }),
    ),
  ];
}

function matching(app: App, rows: readonly Row[]): Row[] {
  const wanted = app.state().params.filter;
  if (!wanted) return [...rows];
  const text = ({ iri, labels, classifications, seats }: Row): string =>
    [...Object.values(labels), iri, ...[...classifications, ...seats].map(app.name)].join(" ");
  return rows.filter((row) => holds(fold(text(row)), wanted));
}

function sheet(app: App, kind: string, rows: readonly Row[]): Child[] {
  const { fill, table: words } = app.words();
  const title = fill(words.showing, { kind: app.name(kind), n: rows.length });
  if (app.state().params.filter) app.say(title);
  return [
    rows.length > 0 ? grid(app, { caption: title, columns: columns(app, kind), rows, thing: ({ iri }) => iri })
      : el("p", { class: "none" }, words.none),
    el("p", { class: "downloads" }, el("button", { onclick: () => take(app, kind, rows) }, app.words().asCsv),
      share(app)),
  ];
}

function columns(app: App, kind: string): Column<Row>[] {
  const { columns: words, ...help } = app.words().table;
  const list = (iris: readonly string[]): Child => [...new Set(iris)]
    .map((iri, index) => [index > 0 && "; ", thingLink(app, iri)]);
  const text = (iris: readonly string[]): string | null => [...new Set(iris)].map(app.name).join("; ") || null;
  return [
    { key: "name", title: words.name, value: ({ iri }) => app.name(iri),
      shown: ({ iri }) => el("span", { class: "marked" }, sign(kind), thingLink(app, iri)) },
    { key: "classification", title: words.classification, value: ({ classifications }) => text(classifications),
      shown: ({ classifications }) => list(classifications) },
    { key: "seat", title: words.seat, value: ({ seats }) => text(seats), shown: ({ seats }) => list(seats) },
    { key: "from", title: words.from, help: help.fromHelp, value: ({ from }) => from,
      shown: ({ from }) => from && el("time", { datetime: from }, dayInWords(from, app.words())) },
    { key: "facts", title: words.facts, help: help.factsHelp, isNumber: true, value: ({ facts }) => facts,
      shown: ({ facts }) => facts.toLocaleString(app.words().locale) },
    { key: "sources", title: words.sources, help: help.sourcesHelp, isNumber: true, value: ({ sources }) => sources,
      shown: ({ sources }) => sources.toLocaleString(app.words().locale) },
  ];
}

function take(app: App, kind: string, rows: readonly Row[]): void {
  const own = columns(app, kind);
  const cells = inOrder(app, rows, own).map((row) => [row.iri, ...own.map((column) => column.value(row))]);
  download(csvFile([["IRI", ...own.map(({ title }) => title)], ...cells]),
    `kgraph-${ending(kind).replace(/.*[/#]/, "").toLowerCase()}.csv`);
}
