/** The results of a query, in the form of the address, and as files. */

import { Refused, type Term } from "../api";
import { type App, isOurs } from "../app";
import { debounce } from "../debounce";
import { isIri } from "../dictionary";
import { datum, el, swap } from "../dom";
import { download } from "../export";
import { fetchLabels } from "../fetch-labels";
import { withParams } from "../state";
import { cite } from "../views/cite";
import { outerLink, termShown, termText, thingLink } from "../views/components";
import { forms } from "../views/result-forms";
import type { Mounted } from "../views/view";
import { editorWords } from "../words/editor";
import type { Answer } from "./answer";
import { curie } from "./completion";
import { AS_GIVEN, arranged, nextOrder, type Order } from "./sorting";

const PORTION = 500;
/** Milliseconds after the last letter until the rows are filtered. */
const TYPING = 150;
const LONGEST = 100_000;

const BINDINGS = [["CSV", "csv", "text/csv"], ["TSV", "tsv", "text/tab-separated-values"],
  ["JSON", "json", "application/sparql-results+json"], ["XML", "xml", "application/sparql-results+xml"]] as const;
const GRAPH = [["Turtle", "ttl", "text/turtle"], ["N-Triples", "nt", "application/n-triples"],
  ["JSON-LD", "jsonld", "application/ld+json"]] as const;

export interface Shown {
  readonly answer: Answer;
  readonly query: string;
  readonly seconds: number;
  readonly prefixes: Record<string, string>;
}

export function showResults(app: App, place: HTMLElement, shown: Shown): Mounted {
  const { fill, query: words } = app.words();
  const { answer, seconds } = shown;
  const n = answer.rows.length;
  const status = el("p", { class: "soft", role: "status" });
  const say = (shownRows: number): void => {
    const part = shownRows < n && fill(words.ofThem, { shown: shownRows, all: n });
    const count = answer.truth === null && countOf(app, answer);
    status.textContent = [count, fill(words.took, { seconds }), part].filter(Boolean).join(" · ");
  };
  say(n);
  const cut = answer.isCut && el("p", { class: "doubt", role: "status" }, fill(words.truncated, { n }));
  const shownIn = forms(app, answer, {
    table: (body) => showTable(app, body, shown, say),
    raw: (body) => showRaw(app, body, answer.text),
  });
  swap(place,
    el("div", { class: "result-head" },
      el("h2", { tabindex: "-1", id: "results" }, words.results),
      status,
      shownIn.buttons,
      saves(app, shown),
    ),
    cut,
    shownIn.body,
  );
  return shownIn;
}

/** How many triples or rows there are, or the truth value, in words. */
export function countOf(app: App, { truth, isGraph, rows }: Answer): string {
  const words = app.words();
  if (truth !== null) return truth ? words.query.answerYes : words.query.answerNo;
  return words.fill(isGraph ? words.triples : words.rows, { n: rows.length });
}

function showTable(app: App, place: HTMLElement, { answer, prefixes }: Shown, say: (rows: number) => void): void {
  const { fill, more: moreOf, query: words } = app.words();
  const all = answer.rows.length;
  const isVerdict = answer.truth !== null;
  if (isVerdict || !all) {
    swap(place, el("p", { class: isVerdict ? "verdict" : null }, isVerdict ? countOf(app, answer) : words.empty));
    return;
  }
  const hasNames = app.state().params.short === undefined;
  const body = el("tbody");
  const more = el("button", { onclick: () => void grow() });
  const view = { order: AS_GIVEN, filter: "", rows: answer.rows as readonly (Term | null)[][] };
  const typing = debounce(TYPING);

  /** Fills the table anew, in the order and with the words that are asked for. */
  function arrange(): void {
    const isShort = (term: Term): term is { iri: string } =>
      isIri(term) && !(hasNames && app.dictionary.isNamed(term.iri));
    const textOf = (term: Term): string => (isShort(term) ? curie(term.iri, prefixes) : termText(app, term));
    view.rows = arranged(answer.rows, view.order, view.filter, textOf, app.words().locale);
    body.replaceChildren();
    for (const [at, heading] of headings.entries()) mark(heading, view.order, at);
    if (view.filter) app.say(fill(editorWords(app.lang()).filtered, { n: view.rows.length }));
    void grow();
  }

  async function grow(): Promise<void> {
    const from = body.childElementCount;
    const slice = view.rows.slice(from, from + PORTION);
    more.disabled = true;
    const iris = slice.flat().flatMap((term) => (term && isIri(term) ? [term.iri] : []));
    // the table is complete without names
    if (hasNames) await fetchLabels(app, iris).catch(() => undefined);
    if (body.childElementCount !== from || slice.some((row, at) => view.rows[from + at] !== row)) return;
    const cells = (row: (typeof slice)[number]): HTMLElement[] =>
      row.map((term) => el("td", {}, term && cell(app, term, prefixes, hasNames)));
    body.append(...slice.map((row) => el("tr", {}, cells(row))));
    const [shown, left] = [body.childElementCount, view.rows.length - body.childElementCount];
    more.disabled = false;
    more.hidden = left <= 0;
    more.textContent = fill(moreOf, { n: Math.min(left, PORTION) });
    say(shown);
    if (from) app.say(fill(words.ofThem, { shown, all }));
  }

  more.hidden = true;
  const toggle = (): void =>
    app.store.adjust({ params: withParams(app.state(), { short: hasNames ? "1" : null }) });
  const box = el("input", { type: "checkbox", id: "with-names", checked: hasNames, onchange: toggle });
  const headings = answer.columns.map((column, at) => {
    const sort = (): void => {
      view.order = nextOrder(view.order, at);
      arrange();
    };
    return el("th", { scope: "col" }, el("button", { class: "plain sorter", onclick: sort },
      answer.isGraph ? column : `?${column}`, el("span", { class: "arrow", "aria-hidden": "true" }, "↕")));
  });
  const filter = el("input", { id: "result-filter", type: "search", autocomplete: "off", spellcheck: "false",
    placeholder: editorWords(app.lang()).filter, "aria-label": editorWords(app.lang()).filter,
    oninput: () => typing.soon(() => {
      view.filter = filter.value;
      arrange();
    }) });
  swap(place,
    el("div", { class: "result-tools" }, el("label", { class: "names-switch" }, box, words.names),
      all > 1 && filter),
    el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": words.results },
      el("table", {}, el("thead", {}, el("tr", {}, headings)), body)),
    more,
  );
  void grow();
}

/** Shows on a heading how its column is sorted. */
function mark(heading: HTMLElement, { column, isDown }: Order, at: number): void {
  const isSorted = column === at;
  if (isSorted) heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
  else heading.removeAttribute("aria-sort");
  heading.querySelector(".arrow")!.textContent = isSorted ? (isDown ? "▼" : "▲") : "↕";
}

function cell(app: App, term: Term, prefixes: Record<string, string>, hasNames: boolean): HTMLElement {
  if (!isIri(term)) return termShown(app, term);
  const short = curie(term.iri, prefixes);
  const isNamed = hasNames && app.dictionary.isNamed(term.iri);
  const text = isNamed ? app.name(term.iri) : short;
  const link = isOurs(term.iri) ? thingLink(app, term.iri, text)
    : outerLink(app, term.iri, text.replace(/^<(.*)>$/, "$1"));
  link.title = isNamed ? short : term.iri;
  return link;
}

function showRaw(app: App, place: HTMLElement, text: string): void {
  const { fill, forms: { names }, query: words } = app.words();
  swap(place,
    text.length > LONGEST && el("p", { class: "soft" }, fill(words.cut, { n: LONGEST })),
    el("pre", { class: "raw", tabindex: "0", role: "region", "aria-label": names.raw },
      text.slice(0, LONGEST)),
  );
}

function saves(app: App, { answer, query }: Shown): HTMLElement {
  const words = app.words().query;
  const trouble = el("span", { role: "alert" });
  const formats = answer.isGraph ? GRAPH : answer.truth !== null ? BINDINGS.slice(2) : BINDINGS;
  const save = (ending: string, format: string) => async (): Promise<void> => {
    trouble.replaceChildren();
    try {
      const { text } = await app.source.sparql(query, format);
      download(new Blob([text], { type: format }), `kgraph.${ending}`);
    } catch (error) {
      trouble.replaceChildren(datum(app.words().trouble[error instanceof Refused ? error.code : "broken"]));
    }
  };
  return el("div", { class: "tools", role: "group", "aria-label": words.download },
    el("span", { class: "soft", "aria-hidden": "true" }, `${words.download}:`),
    formats.map(([title, ending, format]) => el("button", { class: "small", onclick: save(ending, format) }, title)),
    cite(app, { query }),
    trouble,
  );
}
