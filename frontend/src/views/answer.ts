/** The answer to a question: a table in words, files of it, and the query behind it. */

import type { Question, Results, Term } from "../api";
import type { App } from "../app";
import { filledIn } from "../ask";
import { csvFile } from "../csv";
import { el, unseen, type Child } from "../dom";
import { download } from "../export";
import { isIri } from "../names";
import { toHash } from "../state";
import { grid, type Column, type Value } from "./grid";
import { termShown, termText } from "./parts";
import { VIEWS } from "./registry";

type Binding = NonNullable<Results["results"]>["bindings"][number];

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float"].map((name) => XSD + name));
const SAID = 2500;
/** How queries say in words that nothing is known. */
const UNKNOWN = /^(nie wiadomo|unknown|not known)\b/i;

/** The IRIs of an answer. */
export const termsIn = (results: Results): string[] =>
  (results.results?.bindings ?? []).flatMap((row) => Object.values(row).filter(({ type }) => type === "uri").map(({ value }) => value));

export function answered(app: App, question: Question, values: Record<string, string>, results: Results): Child[] {
  const words = app.words().questions;
  const rows = results.results?.bindings ?? [];
  const variables = results.head.vars ?? [];
  const shown = variables.filter((name, index) => index === 0 || !isRepeated(app, rows, variables, name));
  return [
    rows.length > 0
      ? grid(app, { caption: words.rows(rows.length), columns: shown.map((name) => column(app, rows, name)), rows, ...about(variables, rows) })
      : el("p", { class: "none" }, words.empty),
    el(
      "p",
      { class: "downloads" },
      el("button", { onclick: () => download(csvFile([variables, ...rows.map((row) => variables.map((name) => row[name]?.value ?? null))]), `${question.name}.csv`) }, app.words().asCsv),
      el("button", { onclick: () => download(new Blob([JSON.stringify(results, null, 1)], { type: "application/sparql-results+json" }), `${question.name}.json`) }, "JSON"),
      el("button", { onclick: (event: Event) => void copy(app, event.currentTarget as HTMLElement) }, app.words().share),
      VIEWS.includes("sparql") && !question.computed && el("a", { href: toHash({ ...app.state(), view: "sparql", params: { query: filledIn(question, app.lang(), values) } }) }, words.inSparql),
    ),
    question.computed && el("p", { class: "soft" }, words.computed),
  ];
}

async function copy(app: App, button: HTMLElement): Promise<void> {
  const isCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  const said = isCopied ? app.words().shared : app.words().notShared;
  app.say(said);
  button.textContent = `✓ ${said}`;
  setTimeout(() => { button.textContent = app.words().share; }, SAID);
}

/** A name beside the thing that is so called says it twice. */
function isRepeated(app: App, rows: readonly Binding[], variables: readonly string[], name: string): boolean {
  const [thing] = variables;
  return (name === "name" || name === "title") && thing !== undefined && rows.every((row) => row[thing]?.type === "uri" && app.name(row[thing].value) === row[name]?.value);
}

/** Rows that begin with a thing are about it. */
function about(variables: readonly string[], rows: readonly Binding[]): { thing?: (row: Binding) => string } {
  const [first] = variables;
  return first !== undefined && rows.every((row) => row[first]?.type === "uri") ? { thing: (row) => row[first]?.value ?? "" } : {};
}

function column(app: App, rows: readonly Binding[], name: string): Column<Binding> {
  const isNumber = rows.some((row) => row[name]) && rows.every((row) => !row[name] || NUMBERS.has(row[name].datatype ?? ""));
  const title = app.words().questions.variables[name] ?? name;
  return { key: name, title, isNumber, value: (row) => sortedBy(app, row[name], isNumber), shown: (row) => cell(app, row[name]) };
}

function sortedBy(app: App, bound: Binding[string] | undefined, isNumber: boolean): Value {
  if (!bound) return null;
  if (isNumber) return Number(bound.value);
  return bound.type === "uri" ? termText(app, termFrom(bound)) : bound.value;
}

function cell(app: App, bound: Binding[string] | undefined): Child {
  const words = app.words().questions;
  if (!bound || bound.value === "") return el("span", { class: "soft" }, el("span", { "aria-hidden": "true" }, "—"), unseen(words.nothing));
  const term = termFrom(bound);
  if (!isIri(term) && UNKNOWN.test(term.value)) return el("span", { class: "chip unknown" }, `? ${term.value}`);
  return termShown(app, term);
}

const termFrom = (bound: Binding[string]): Term =>
  bound.type === "uri" ? { iri: bound.value } : { value: bound.value, lang: bound["xml:lang"] ?? null, datatype: bound.datatype ?? `${XSD}string` };
