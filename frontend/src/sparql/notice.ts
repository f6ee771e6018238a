/** The notice below the editor: a running query, an error, or unknown terms. */

import type { Refused } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { type Child, el, swap } from "../dom";
import { editorWords } from "../words/editor";
import { inLanguage, SAMPLE_NAMES, SAMPLES } from "./examples";
import { meantBy, mistakeIn, renamed, spanOf, toldOf, undefinedTerms } from "./mistakes";
import { type Reason, reasonOf } from "./reason";
import { type QueryState, replace, run } from "./run";

export function showNotice(state: QueryState): void {
  const { app, running, failure } = state;
  const words = app.words().query;
  const content = state.note ? el("p", { class: "doubt", role: "status" }, state.note)
    : running ? el("p", { class: "soft", role: "status" }, words.running)
    : !failure ? (state.shown ? doubt(state) : beginnings(state))
    : failure.code === "malformed" ? mistake(state, failure)
    : trouble(state, failure);
  swap(state.elements.notice, content);
}

/** Queries to begin with, while there is no answer: the samples and the leading questions. */
function beginnings(state: QueryState): Child {
  const { app, questions } = state;
  const { query: words } = app.words();
  const begin = (query: string, title: string): Child =>
    el("li", {}, el("button", { onclick: () => replace(state, query) }, title));
  return el("section", { class: "beginnings" }, el("h2", {}, words.examples), el("ul", {},
    SAMPLE_NAMES.map((name) => begin(SAMPLES[name], words.samples[name])),
    questions.filter(({ leads }) => leads !== null).map(({ name, title, sparql }) =>
      begin(inLanguage(sparql, app.lang()), called(title, app.lang()) ?? name))));
}

/** A warning about unknown terms, with the terms that may be meant: with a typing error, an answer is empty. */
function doubt(state: QueryState): Child {
  const { app, shown, schema, editor } = state;
  const { fill, query: words } = app.words();
  const unknown = shown ? undefinedTerms(shown.query, schema) : [];
  const [first] = unknown;
  const at = first && editor ? editor.text().indexOf(first) : -1;
  const text = fill(words.undefined, { n: unknown.length, terms: unknown.join(", ") });
  if (first && at >= 0) editor?.mark(at, at + first.length, text, true);
  const meant = (name: string): Child => fixes(state, meantBy(name, schema), (query, to) => renamed(query, name, to));
  return unknown.length > 0 && el("div", { class: "doubt", role: "status" }, el("p", {}, text), unknown.map(meant));
}

/** Buttons that put other terms into the query and run it. */
function fixes(state: QueryState, meant: readonly string[], changed: (query: string, to: string) => string): Child {
  const words = editorWords(state.app.lang());
  const { fill } = state.app.words();
  const take = (to: string) => (): void => replace(state, changed(state.editor?.text() ?? "", to), true);
  return meant.length > 0 && el("p", { class: "fixes" }, `${words.meant} `, meant.map((to) => [el("button",
    { class: "small", title: fill(words.replaceBy, { term: to }), onclick: take(to) }, el("code", {}, to)), " "]));
}

function trouble(state: QueryState, failure: Refused): Child {
  const { app, timeout: seconds } = state;
  const { fill, query: words } = app.words();
  const { status } = failure.problem;
  const text = failure.code === "stopped" ? words.stopped
    : failure.code === "timeout" ? fill(words.timeout, { seconds })
    : status === 413 ? words.tooMuch
    : status === 403 ? toldOf(failure.detail, app.words())
    : null;
  if (!text) return app.trouble(failure, () => void run(state));
  return el("div", { class: "trouble", role: "alert" }, el("p", {}, text));
}

/** A syntax error with its reason and position, which is marked in the editor. */
function mistake(state: QueryState, failure: Refused): Child {
  const { app, editor } = state;
  const { fill, query: words } = app.words();
  const { line, column, detail } = mistakeIn(failure);
  const text = editor?.text() ?? "";
  const given = line === null ? null : spanOf(text, line, column);
  const why = given ? reasonOf(text, given.from) : null;
  const span = why ?? given;
  const place = span && placeOf(text, span.from);
  const where = place ? fill(words.mistake, place) : words.mistakeSomewhere;
  const told = why ? reasonIn(app, why, text) : toldOf(detail, app.words()).slice(0, 1500);
  if (span) editor?.mark(span.from, span.to, told);
  return el("div", { class: "trouble", role: "alert" },
    el("p", {}, el("strong", {}, where), why && `: ${told}`),
    why ? el("pre", { class: "detail" }, pointedAt(text, why.from)) : el("pre", { class: "detail" }, told),
    why && fixes(state, why.meant, (query, to) => query.slice(0, why.from) + to + query.slice(why.to)),
    span && el("button", { onclick: () => editor?.go(span.to) }, words.goThere),
  );
}

const placeOf = (text: string, at: number): { line: number; column: number } => {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

/** The line of a place, and a mark below it. */
function pointedAt(text: string, at: number): string {
  const { line, column } = placeOf(text, at);
  return `${text.split("\n")[line - 1] ?? ""}\n${" ".repeat(column - 1)}^`;
}

const KINDS: Readonly<Record<string, "brace" | "round" | "square">> = { "{": "brace", "(": "round", "[": "square" };

function reasonIn(app: App, { code, from, word }: Reason, text: string): string {
  const words = editorWords(app.lang());
  const { fill } = app.words();
  if (code !== "unclosed") return fill(words.reasons[code], { word });
  return fill(words.unclosed[KINDS[word] ?? "brace"], { line: placeOf(text, from).line });
}
