/** The answer to a question: in words, in every form that it can have, files of it, and the query behind it. */

import { type Question, RESULTS, type Results, type Term } from "../api";
import type { App } from "../app";
import { csvFile } from "../csv";
import { isIri } from "../dictionary";
import { type Child, el, swap, unseen } from "../dom";
import { download } from "../export";
import { filledIn } from "../parameters";
import { answerIn } from "../sparql/answer";
import { toHash } from "../state";
import { variableName } from "../words/variables";
import { termShown, termText } from "./components";
import { type Column, grid, type Value } from "./grid";
import { type Forms, forms } from "./result-forms";
import { share } from "./share";

type Values = Record<string, string>;
type Binding = NonNullable<Results["results"]>["bindings"][number];

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float"].map((name) => XSD + name));
/** How queries say in words that nothing is known. */
const UNKNOWN = /^(nie wiadomo|unknown|not known)\b/i;

/** The answer in the form that the address asks for, and its files; `about` are the things in its parameters. */
export function answered(
  app: App, question: Question, values: Values, results: Results, about: readonly string[],
): { forms: Forms; content: Child[] } {
  const text = JSON.stringify(results, null, 1);
  const answer = answerIn(results, text);
  const shown = forms(app, answer, { table: (place) => swap(place, table(app, results)) }, about);
  const cut = answer.isCut
    && el("p", { class: "doubt", role: "status" }, app.words().query.truncated(answer.rows.length));
  return { forms: shown, content: [cut, shown.buttons, shown.body, downloads(app, question, values, results, text)] };
}

function table(app: App, results: Results): Child {
  const words = app.words().questions;
  const rows = results.results?.bindings ?? [];
  const variables = results.head.vars ?? [];
  const shown = variables.filter((name, index) => index === 0 || !isRepeated(app, rows, variables, name));
  if (!rows.length) return el("p", { class: "none" }, words.empty);
  const columns = shown.map((name) => column(app, rows, name));
  return grid(app, { caption: words.rows(rows.length), columns, rows, ...about(variables, rows) });
}

function downloads(app: App, question: Question, values: Values, results: Results, text: string): Child {
  const words = app.words().questions;
  const variables = results.head.vars ?? [];
  const rows = (results.results?.bindings ?? []).map((row) => variables.map((name) => row[name]?.value ?? null));
  const { name: file, computed } = question;
  const titles = variables.map((name) => variableName(name, app.lang()));
  const takeCsv = (): void => download(csvFile([titles, ...rows]), `${file}.csv`);
  const takeJson = (): void => download(new Blob([text], { type: RESULTS }), `${file}.json`);
  const params = { query: filledIn(question, app.lang(), values) };
  return [
    el("p", { class: "downloads" },
      el("button", { onclick: takeCsv }, app.words().asCsv),
      el("button", { onclick: takeJson }, "JSON"),
      share(app),
      !computed && el("a", { href: toHash({ ...app.state(), view: "sparql", params }) }, words.inSparql),
    ),
    computed && el("p", { class: "soft" }, words.computed),
  ];
}

/** A name beside the thing that is so called says it twice. */
function isRepeated(app: App, rows: readonly Binding[], variables: readonly string[], name: string): boolean {
  const [thing] = variables;
  return (name === "name" || name === "title") && thing !== undefined
    && rows.every((row) => row[thing]?.type === "uri" && app.name(row[thing].value) === row[name]?.value);
}

/** Rows that begin with a thing are about it. */
function about(variables: readonly string[], rows: readonly Binding[]): { thing?: (row: Binding) => string } {
  const [first] = variables;
  return first !== undefined && rows.every((row) => row[first]?.type === "uri")
    ? { thing: (row) => row[first]?.value ?? "" } : {};
}

function column(app: App, rows: readonly Binding[], name: string): Column<Binding> {
  const isNumber = rows.some((row) => row[name])
    && rows.every((row) => !row[name] || NUMBERS.has(row[name].datatype ?? ""));
  const title = variableName(name, app.lang());
  return { key: name, title, isNumber, value: (row) => sortedBy(app, row[name], isNumber),
    shown: (row) => cell(app, row[name]) };
}

function sortedBy(app: App, bound: Binding[string] | undefined, isNumber: boolean): Value {
  if (!bound) return null;
  if (isNumber) return Number(bound.value);
  return bound.type === "uri" ? termText(app, termFrom(bound)) : bound.value;
}

function cell(app: App, bound: Binding[string] | undefined): Child {
  const words = app.words().questions;
  if (!bound || bound.value === "") return el("span", { class: "soft" }, el("span", { "aria-hidden": "true" }, "—"),
    unseen(words.nothing));
  const term = termFrom(bound);
  if (!isIri(term) && UNKNOWN.test(term.value)) return el("span", { class: "chip unknown" }, `? ${term.value}`);
  return termShown(app, term);
}

const termFrom = (bound: Binding[string]): Term =>
  bound.type === "uri" ? { iri: bound.value }
    : { value: bound.value, lang: bound["xml:lang"] ?? null, datatype: bound.datatype ?? `${XSD}string` };
