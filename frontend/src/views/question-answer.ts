/** The answer to a question: its forms, its files and its query. */

import { BASE, type Question, RESULTS, type Results, type Term } from "../api";
import type { App } from "../app";
import { csvFile } from "../csv";
import { called, dayInWords, isIri } from "../dictionary";
import { type Child, el, swap, unseen } from "../dom";
import { download } from "../export";
import { filledIn } from "../parameters";
import { type Answer, answerIn } from "../sparql/answer";
import { toHash } from "../state";
import { variableName } from "../words/variables";
import { cite } from "./cite";
import { termShown, termText } from "./components";
import { type Column, grid } from "./grid";
import { type Forms, forms } from "./result-forms";
import { share } from "./share";

type Row = Answer["rows"][number];

const NUMBERS = new Set(
  ["integer", "decimal", "double", "float"].map((name) => `http://www.w3.org/2001/XMLSchema#${name}`));
/** A day that a query gives as a text. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Texts by which queries express that a value is unknown. */
const UNKNOWN = /^(nie wiadomo|unknown|not known)\b/i;

/** The answer in the form of the address, and its files; `about` are the things in its parameters. */
export function answered(
  app: App, question: Question, values: Record<string, string>, results: Results, about: readonly string[],
): { forms: Forms; content: Child[] } {
  const { fill, query: words } = app.words();
  const title = called(question.title, app.lang()) ?? question.name;
  const answer = { ...answerIn(results, JSON.stringify(results, null, 1)), question: title };
  const shown = forms(app, answer, { table: (place) => swap(place, table(app, answer)) }, about);
  const cut = answer.isCut
    && el("p", { class: "doubt", role: "status" }, fill(words.truncated, { n: answer.rows.length }));
  return { forms: shown, content: [cut, shown.buttons, shown.body, downloads(app, question, values, answer)] };
}

/** The answer as a table. Rows that begin with a thing are about it. */
function table(app: App, { columns: variables, rows }: Answer): Child {
  const { fill, questions: words } = app.words();
  if (!rows.length) return el("p", { class: "none" }, words.empty);
  const columns = variables.map((name, at) => column(app, rows, name, at))
    .filter(({ key }, at) => !/^(name|title)$/.test(key) || at === 0 || !isName(app, rows, at));
  const thing = ([first]: Row): string => (first && isIri(first) ? first.iri : "");
  const caption = fill(words.rows, { n: rows.length });
  return grid(app, { caption, columns, rows, ...(rows.every(thing) && { thing }) });
}

/** Whether a column only repeats the names of the things in the first one. */
const isName = (app: App, rows: readonly Row[], at: number): boolean =>
  rows.every(({ 0: thing, [at]: name }) =>
    thing && isIri(thing) && name && !isIri(name) && app.name(thing.iri) === name.value);

function column(app: App, rows: readonly Row[], name: string, at: number): Column<Row> {
  const terms = rows.flatMap((row) => row[at] ?? []);
  const isNumber = terms.length > 0 && terms.every((term) => !isIri(term) && NUMBERS.has(term.datatype));
  const value = (term: Term): string | number =>
    (isIri(term) ? termText(app, term) : isNumber ? Number(term.value) : term.value);
  return { key: name, title: variableName(name, app.lang()), isNumber, shown: (row) => cell(app, row[at] ?? null),
    value: ({ [at]: term }) => (term ? value(term) : null) };
}

function cell(app: App, term: Term | null): Child {
  if (term && isIri(term)) return termShown(app, term);
  if (term?.value.startsWith(BASE)) return termShown(app, { iri: term.value });
  if (!term?.value) return el("span", { class: "soft" }, el("span", { "aria-hidden": "true" }, "—"),
    unseen(app.words().questions.nothing));
  if (DAY.test(term.value)) return el("time", { datetime: term.value }, dayInWords(term.value, app.words()));
  return UNKNOWN.test(term.value) ? el("span", { class: "chip unknown" }, `? ${term.value}`) : termShown(app, term);
}

function downloads(app: App, question: Question, values: Record<string, string>, answer: Answer): Child {
  const words = app.words().questions;
  const { name: file, computed } = question;
  const { day } = app.state();
  const titles = answer.columns.map((name) => variableName(name, app.lang()));
  const rows = answer.rows.map((row) => row.map((term) => term && (isIri(term) ? term.iri : term.value)));
  const takeCsv = (): void => download(csvFile([titles, ...rows]), `${file}.csv`);
  const takeJson = (): void => download(new Blob([answer.text], { type: RESULTS }), `${file}.json`);
  const params = { query: filledIn(question, app.lang(), values) };
  return [
    el("p", { class: "downloads" },
      el("button", { onclick: takeCsv }, app.words().asCsv),
      el("button", { onclick: takeJson }, "JSON"),
      share(app),
      cite(app, { question: file, ...values, ...(computed && day && { "as-of": day }) }),
      !computed && el("a", { href: toHash({ ...app.state(), view: "sparql", params }) }, words.inSparql),
    ),
    computed && el("p", { class: "soft" }, words.computed),
  ];
}
