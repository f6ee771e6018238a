/** What is selected as a table: pages that the back end sorts, filters and cuts, and the whole as a file. */

import type { Row, Sheet, SheetFormat, TablePage } from "../api";
import type { App } from "../app";
import { type Debounce, debounce } from "../debounce";
import { dayInWords } from "../dictionary";
import { type Child, el, swap } from "../dom";
import { download } from "../export";
import { beside } from "../facets/beside";
import { isSame } from "../selection";
import { isRedrawn, withParams } from "../state";
import { sign, thingLink } from "./components";
import { type Column, grid, markChosen } from "./grid";
import { loading } from "./loading";
import { share } from "./share";
import type { View } from "./view";

const SIZE = 100;
const USUAL = "-facts";
/** The columns of the back end, and their names in earlier addresses. */
const SORTS = ["name", "kind", "form", "place", "from", "facts", "sources"];
const EARLIER: Record<string, string> = { classification: "form", seat: "place" };
const FORMATS: readonly SheetFormat[] = ["xlsx", "excel", "csv"];
const PAUSE = 150;

export function open(app: App): View {
  const tools = el("div", { class: "controls" });
  const result = el("div", { class: "result", onkeydown: (event: KeyboardEvent) => moveBetweenRows(result, event) });
  const { element, show: showFacets } = beside(app, el("section", { class: "page" }, tools, result));
  const show = loading(app, result);
  const typing = debounce(PAUSE);

  const draw = (): void => void show(() => pageOf(app), (page) => {
    if (tools.lang !== app.lang()) swap(tools, controls(app, typing));
    tools.lang = app.lang();
    return sheet(app, page);
  });

  draw();
  return {
    element,
    update(state, before) {
      showFacets();
      if (!isSame(state.selection, before.selection) && state.params.page)
        return app.store.adjust({ params: withParams(state, { page: null }) });
      if (!isRedrawn(state, before)) return markChosen(app, result);
      const filter = tools.querySelector("input");
      if (filter && document.activeElement !== filter) filter.value = state.params.filter ?? "";
      draw();
    },
    leave: () => typing.cancel(),
  };
}

function sheetOf(app: App): Sheet {
  const { params, lang } = app.state();
  const [, down = "", column = ""] = /^(-?)(.*)$/.exec(params.sort ?? USUAL)!;
  const known = EARLIER[column] ?? column;
  const page = Math.max(1, Math.floor(Number(params.page ?? 1)) || 1);
  return { text: params.filter ?? "", sort: SORTS.includes(known) ? down + known : USUAL, lang, page, size: SIZE };
}

/** The page that the address asks for, or the first one where there are fewer pages. */
async function pageOf(app: App): Promise<TablePage> {
  const { selection } = app.state();
  const asked = sheetOf(app);
  const found = await app.source.table(selection, asked);
  const page = found.rows.length || asked.page === 1 ? found : await app.source.table(selection, { ...asked, page: 1 });
  app.dictionary.learn(page.names);
  app.dictionary.learnThings(page.rows);
  return page;
}

function controls(app: App, typing: Debounce): Child[] {
  const words = app.words().table;
  return [
    el("label", { class: "field wide" },
      el("span", {}, words.filter),
      el("input", {
        id: "table-filter", type: "search", autocomplete: "off", spellcheck: "false", value: app.state().params.filter,
        placeholder: words.filterHint,
        oninput: (event: Event) => {
          const filter = (event.target as HTMLInputElement).value;
          typing.soon(() => app.store.adjust({ params: withParams(app.state(), { filter, page: null }) }));
        },
      }),
    ),
    el("div", { class: "tools" }, share(app)),
  ];
}

function sheet(app: App, page: TablePage): Child[] {
  const { fill, table: words, facets } = app.words();
  const kinds = app.state().selection.kind;
  const kind = kinds.length ? kinds.map(app.name).join(", ") : facets.everything;
  const title = fill(words.showing, { kind, n: page.total });
  if (app.state().params.filter) app.say(title);
  if (!page.rows.length) return [el("p", { class: "none" }, words.none)];
  const order = sheetOf(app).sort;
  return [
    el("div", { class: "pager" }, pager(app, page, "top"), takes(app)),
    grid(app, { caption: title, columns: columns(app), rows: page.rows, thing: ({ iri }) => iri, order,
      isCaptionUnseen: true }),
    page.total > page.size && el("div", { class: "pager" }, pager(app, page, "bottom")),
  ];
}

/** Which rows of how many are shown, and the buttons to the pages before and after. */
function pager(app: App, { page, size, rows, total }: TablePage, where: string): Child {
  const { fill, facets: words } = app.words();
  const first = (page - 1) * size + 1;
  const text = fill(words.range, { first, last: first + rows.length - 1, total });
  const to = (next: number) => (): void => {
    app.store.step({ params: withParams(app.state(), { page: next > 1 ? String(next) : null }) });
    document.querySelector(".page")?.scrollTo({ top: 0 });
  };
  const button = (id: string, label: string, sign: string, next: number, isOff: boolean): HTMLElement =>
    el("button", { id: `${id}-${where}`, class: "icon", "aria-label": label, title: label, disabled: isOff,
      onclick: to(next) }, sign);
  return [
    el("span", { class: "range", role: "status" }, text),
    total > size && el("span", { role: "group", "aria-label": words.pages },
      button("previous", words.previous, "‹", page - 1, page === 1), " ",
      button("next", words.next, "›", page + 1, first + rows.length > total)),
  ];
}

/** A button for each format in which the back end gives the whole table. */
function takes(app: App): Child {
  const { facets: words } = app.words();
  const offered = FORMATS.filter((format) => app.source.sheets.includes(format));
  const take = async (format: SheetFormat): Promise<void> => {
    const blob = await app.source.sheet(app.state().selection, sheetOf(app), format);
    download(blob, `kgraph.${format === "xlsx" ? "xlsx" : "csv"}`);
  };
  return el("div", { class: "takes", role: "group", "aria-label": words.download },
    el("span", { class: "soft" }, `${words.download}:`),
    offered.map((format) => el("button", { id: `take-${format}`, class: "small", title: words.formatHelp[format],
      onclick: () => void take(format).catch((error) => app.say(String(error))) }, words.formats[format])));
}

function columns(app: App): Column<Row>[] {
  const { columns: words, ...help } = app.words().table;
  const list = (iris: readonly string[]): Child => [...new Set(iris)]
    .map((iri, index) => [index > 0 && "; ", thingLink(app, iri)]);
  const number = (n: number): string => n.toLocaleString(app.words().locale);
  return [
    { key: "name", title: words.name, value: ({ iri }) => app.name(iri),
      shown: ({ iri, kind }) => el("span", { class: "marked" }, sign(kind), thingLink(app, iri)) },
    { key: "kind", title: words.kind, value: ({ kind }) => app.name(kind), shown: ({ kind }) => app.name(kind) },
    { key: "form", title: words.classification, value: ({ classifications }) => classifications.length,
      shown: ({ classifications }) => list(classifications) },
    { key: "place", title: words.place, value: ({ places }) => places.length, shown: ({ places }) => list(places) },
    { key: "from", title: words.from, help: help.fromHelp, value: ({ from }) => from,
      shown: ({ from }) => from && el("time", { datetime: from }, dayInWords(from, app.words())) },
    { key: "facts", title: words.facts, help: help.factsHelp, isNumber: true, value: ({ facts }) => facts,
      shown: ({ facts }) => number(facts) },
    { key: "sources", title: words.sources, help: help.sourcesHelp, isNumber: true, value: ({ sources }) => sources,
      shown: ({ sources }) => number(sources) },
  ];
}

/** Moves the focus to the name in the row above or below, in the first or the last. */
function moveBetweenRows(place: HTMLElement, event: KeyboardEvent): void {
  const row = event.target instanceof Element ? event.target.closest("tbody tr") : null;
  if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const rows = [...place.querySelectorAll("tbody tr")];
  const at = rows.indexOf(row);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
  const next = rows[steps[event.key] ?? -1];
  if (!(event.key in steps) || !next) return;
  event.preventDefault();
  next.querySelector<HTMLElement>("th a")?.focus();
}
