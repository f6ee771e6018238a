/** The results of a query: as a table, as a network where they are triples, raw, and to be kept as a file. */

import { Refused, type Term } from "../api";
import { isOurs, type App } from "../app";
import { datum, el, swap } from "../dom";
import { download } from "../export";
import { isIri } from "../names";
import { outerLink, termShown, thingLink } from "../views/parts";
import { triplesOf, type Answer } from "./answer";
import { draw } from "./drawn";
import { curie } from "./suggest";

export const FORMS = ["table", "network", "raw"] as const;
export type Form = (typeof FORMS)[number];

const PORTION = 500;
const LONGEST = 100_000;

const BINDINGS = [["CSV", "csv", "text/csv"], ["TSV", "tsv", "text/tab-separated-values"], ["JSON", "json", "application/sparql-results+json"], ["XML", "xml", "application/sparql-results+xml"]] as const;
const GRAPH = [["Turtle", "ttl", "text/turtle"], ["N-Triples", "nt", "application/n-triples"], ["JSON-LD", "jsonld", "application/ld+json"]] as const;

export interface Shown {
  readonly answer: Answer;
  readonly query: string;
  readonly seconds: number;
  readonly prefixes: Record<string, string>;
}

/** Show the results in a place; what is returned takes down what was drawn. */
export function showResults(app: App, place: HTMLElement, shown: Shown, form: Form, hasNames: boolean, choose: (form: Form, hasNames: boolean) => void): () => void {
  const words = app.words().query;
  const { answer, seconds } = shown;
  const triples = triplesOf(answer);
  const own = form === "network" && !triples ? "table" : form;
  const status = el("p", { class: "soft", role: "status" });
  const body = el("div", { class: "result" });
  const count = answer.isGraph ? words.triples(answer.rows.length) : words.rows(answer.rows.length);
  const say = (shownRows: number): void => {
    status.textContent = [answer.truth === null && count, words.took(seconds), shownRows < answer.rows.length && words.ofThem(shownRows, answer.rows.length)].filter(Boolean).join(" · ");
  };
  say(answer.rows.length);
  swap(
    place,
    el(
      "div",
      { class: "result-head" },
      el("h2", { tabindex: "-1", id: "results" }, words.results),
      status,
      el("div", { class: "segmented", role: "group", "aria-label": words.form }, FORMS.filter((one) => one !== "network" || triples).map((one) =>
        el("button", { id: `form-${one}`, "aria-pressed": String(one === own), onclick: () => choose(one, hasNames) }, words.forms[one]))),
      own === "table" && answer.rows.length > 0 && el("label", { class: "names-switch" }, el("input", { type: "checkbox", id: "with-names", checked: hasNames, onchange: () => choose(form, !hasNames) }), words.names),
      saves(app, shown),
    ),
    body,
  );
  if (own === "raw") showRaw(app, body, answer.text);
  else if (answer.truth !== null) swap(body, el("p", { class: "verdict" }, words.answer(answer.truth)));
  else if (!answer.rows.length) swap(body, el("p", {}, words.empty));
  else if (own === "table") showTable(app, body, shown, hasNames, say);
  else return draw(app, body, triples ?? []);
  return () => undefined;
}

// ── Table ──

function showTable(app: App, place: HTMLElement, { answer, prefixes }: Shown, hasNames: boolean, say: (rows: number) => void): void {
  const body = el("tbody");
  const more = el("button", { onclick: () => void grow() });

  async function grow(): Promise<void> {
    const from = body.childElementCount;
    const slice = answer.rows.slice(from, from + PORTION);
    more.disabled = true;
    if (hasNames) await learnNames(app, slice);
    if (body.childElementCount !== from) return;
    body.append(...slice.map((row) => el("tr", {}, row.map((term) => el("td", {}, term && cell(app, term, prefixes, hasNames))))));
    const left = answer.rows.length - body.childElementCount;
    more.disabled = false;
    more.hidden = left <= 0;
    more.textContent = app.words().more(Math.min(left, PORTION));
    say(body.childElementCount);
    if (from) app.say(app.words().query.ofThem(body.childElementCount, answer.rows.length));
  }

  more.hidden = true;
  swap(
    place,
    el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": app.words().query.results },
      el("table", {}, el("thead", {}, el("tr", {}, answer.columns.map((column) => el("th", { scope: "col" }, answer.isGraph ? column : `?${column}`)))), body)),
    more,
  );
  void grow();
}

function cell(app: App, term: Term, prefixes: Record<string, string>, hasNames: boolean): HTMLElement {
  if (!isIri(term)) return termShown(app, term);
  const short = curie(term.iri, prefixes);
  const isNamed = hasNames && Object.keys(app.dictionary.labels(term.iri)).length > 0;
  const text = isNamed ? app.name(term.iri) : short;
  const link = isOurs(term.iri) ? thingLink(app, term.iri, text) : outerLink(app, term.iri, text.replace(/^<(.*)>$/, "$1"));
  link.title = isNamed ? short : term.iri;
  return link;
}

/** Ask for the names of the IRIs of these rows that have none yet; without them short forms are shown. */
async function learnNames(app: App, rows: readonly (Term | null)[][]): Promise<void> {
  const nameless = new Set<string>();
  for (const term of rows.flat()) {
    if (term && isIri(term) && /^https?:[^\s<>"{}|\\^`]+$/.test(term.iri) && !Object.keys(app.dictionary.labels(term.iri)).length) nameless.add(term.iri);
  }
  if (!nameless.size) return;
  const query = `SELECT ?iri ?label WHERE { VALUES ?iri { ${[...nameless].map((iri) => `<${iri}>`).join(" ")} } ?iri skos:prefLabel|rdfs:label|dcterms:title|foaf:name ?label }`;
  try {
    const { text } = await app.source.sparql(query, "application/sparql-results+json");
    const names: Record<string, Record<string, string>> = {};
    for (const { iri, label } of (JSON.parse(text) as { results: { bindings: Record<string, { value: string; "xml:lang"?: string }>[] } }).results.bindings) {
      if (iri && label) (names[iri.value] ??= {})[label["xml:lang"] ?? ""] ??= label.value;
    }
    app.dictionary.learn(names);
  } catch {
    // names are a convenience: the table is right without them
  }
}

// ── Raw, and files ──

function showRaw(app: App, place: HTMLElement, text: string): void {
  swap(
    place,
    text.length > LONGEST && el("p", { class: "soft" }, app.words().query.cut(LONGEST)),
    el("pre", { class: "raw", tabindex: "0", role: "region", "aria-label": app.words().query.forms.raw }, text.slice(0, LONGEST)),
  );
}

function saves(app: App, { answer, query }: Shown): HTMLElement {
  const words = app.words().query;
  const trouble = el("span", { role: "alert" });
  const formats = answer.isGraph ? GRAPH : answer.truth !== null ? BINDINGS.slice(2) : BINDINGS;
  return el(
    "div",
    { class: "tools", role: "group", "aria-label": words.download },
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
