/** The results of a query: in every form that they can have, and to be kept as a file. */

import { Refused, type Term } from "../api";
import { type App, isOurs } from "../app";
import { isIri } from "../dictionary";
import { datum, el, swap } from "../dom";
import { download } from "../export";
import { fetchLabels } from "../fetch-labels";
import { withParams } from "../view-params";
import { outerLink, termShown, thingLink } from "../views/components";
import { forms } from "../views/result-forms";
import type { Mounted } from "../views/view";
import type { Answer } from "./answer";
import { curie } from "./completion";

const PORTION = 500;
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

/** Show the results in a place, in the form that the address asks for. */
export function showResults(app: App, place: HTMLElement, shown: Shown): Mounted {
  const words = app.words().query;
  const { answer, seconds } = shown;
  const status = el("p", { class: "soft", role: "status" });
  const count = answer.isGraph ? words.triples(answer.rows.length) : words.rows(answer.rows.length);
  const say = (shownRows: number): void => {
    status.textContent = [answer.truth === null && count, words.took(seconds),
      shownRows < answer.rows.length && words.ofThem(shownRows, answer.rows.length)].filter(Boolean).join(" · ");
  };
  say(answer.rows.length);
  const cut = answer.isCut && el("p", { class: "doubt", role: "status" }, words.truncated(answer.rows.length));
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

// ── Table ──

function showTable(app: App, place: HTMLElement, { answer, prefixes }: Shown, say: (rows: number) => void): void {
  const words = app.words().query;
  if (answer.truth !== null || !answer.rows.length) {
    const isVerdict = answer.truth !== null;
    const text = isVerdict ? words.answer(answer.truth === true) : words.empty;
    swap(place, el("p", { class: isVerdict ? "verdict" : null }, text));
    return;
  }
  const hasNames = app.state().params.short === undefined;
  const body = el("tbody");
  const more = el("button", { onclick: () => void grow() });

  async function grow(): Promise<void> {
    const from = body.childElementCount;
    const slice = answer.rows.slice(from, from + PORTION);
    more.disabled = true;
    // names are a convenience: the table is right without them
    if (hasNames) await fetchLabels(app, slice.flat().flatMap((term) => (term && isIri(term) ? [term.iri] : [])))
      .catch(() => undefined);
    if (body.childElementCount !== from) return;
    body.append(...slice.map(
      (row) => el("tr", {}, row.map((term) => el("td", {}, term && cell(app, term, prefixes, hasNames))))));
    const left = answer.rows.length - body.childElementCount;
    more.disabled = false;
    more.hidden = left <= 0;
    more.textContent = app.words().more(Math.min(left, PORTION));
    say(body.childElementCount);
    if (from) app.say(words.ofThem(body.childElementCount, answer.rows.length));
  }

  more.hidden = true;
  swap(place,
    el("label", { class: "names-switch" },
      el("input", { type: "checkbox", id: "with-names", checked: hasNames, onchange: () =>
      app.store.adjust({ params: withParams(app.state(), { short: hasNames ? "1" : null }) }) }), words.names),
    el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": words.results },
      el("table", {}, el("thead", {}, el("tr", {},
        answer.columns.map((column) => el("th", { scope: "col" }, answer.isGraph ? column : `?${column}`)))), body)),
    more,
  );
  void grow();
}

function cell(app: App, term: Term, prefixes: Record<string, string>, hasNames: boolean): HTMLElement {
  if (!isIri(term)) return termShown(app, term);
  const short = curie(term.iri, prefixes);
  const isNamed = hasNames && Object.keys(app.dictionary.labels(term.iri)).length > 0;
  const text = isNamed ? app.name(term.iri) : short;
  const link = isOurs(term.iri) ? thingLink(app, term.iri, text)
    : outerLink(app, term.iri, text.replace(/^<(.*)>$/, "$1"));
  link.title = isNamed ? short : term.iri;
  return link;
}

// ── Raw, and files ──

function showRaw(app: App, place: HTMLElement, text: string): void {
  swap(place,
    text.length > LONGEST && el("p", { class: "soft" }, app.words().query.cut(LONGEST)),
    el("pre", { class: "raw", tabindex: "0", role: "region", "aria-label": app.words().forms.names.raw },
      text.slice(0, LONGEST)),
  );
}

function saves(app: App, { answer, query }: Shown): HTMLElement {
  const words = app.words().query;
  const trouble = el("span", { role: "alert" });
  const formats = answer.isGraph ? GRAPH : answer.truth !== null ? BINDINGS.slice(2) : BINDINGS;
  return el("div", { class: "tools", role: "group", "aria-label": words.download },
    el("span", { class: "soft", "aria-hidden": "true" }, `${words.download}:`),
    formats.map(([title, ending, format]) =>
      el("button", { class: "small", onclick: async () => {
        trouble.replaceChildren();
        try {
          const { text } = await app.source.sparql(query, format);
          download(new Blob([text], { type: format }), `kgraph.${ending}`);
        } catch (error) {
          trouble.replaceChildren(datum(app.words().trouble[error instanceof Refused ? error.reproach : "broken"]));
        }
      } }, title)),
    trouble,
  );
}
