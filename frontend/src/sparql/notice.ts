/** The notice below the editor: a running query, an error, or unknown terms. */

import type { Refused } from "../api";
import { type Child, el, swap } from "../dom";
import { mistakeIn, spanOf, toldOf, undefinedTerms } from "./mistakes";
import { type QueryState, run } from "./run";

export function showNotice(state: QueryState): void {
  const { app, running, failure } = state;
  const words = app.words().query;
  const content = running ? el("p", { class: "soft", role: "status" }, words.running)
    : !failure ? doubt(state)
    : failure.code === "malformed" ? mistake(state, failure)
    : trouble(state, failure);
  swap(state.elements.notice, content);
}

/** A warning about unknown terms: with a typing error, a query has an empty answer. */
function doubt({ app, shown, schema }: QueryState): Child {
  const { fill, query: words } = app.words();
  const unknown = shown ? undefinedTerms(shown.query, schema) : [];
  return unknown.length > 0 && el("p", { class: "doubt", role: "status" },
    fill(words.undefined, { n: unknown.length, terms: unknown.join(", ") }));
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

/** A syntax error with its position, which is marked in the editor. */
function mistake({ app, editor }: QueryState, failure: Refused): Child {
  const { fill, query: words } = app.words();
  const { line, column, detail } = mistakeIn(failure);
  const said = line === null ? words.mistakeSomewhere : fill(words.mistake, { line, column: column ?? 1 });
  const span = line === null || !editor ? null : spanOf(editor.text(), line, column);
  if (span) editor?.mark(span.from, span.to, said);
  return el("div", { class: "trouble", role: "alert" },
    el("p", {}, el("strong", {}, said)),
    el("pre", { class: "detail" }, toldOf(detail, app.words()).slice(0, 1500)),
    span && el("button", { onclick: () => editor?.go(span.to) }, words.goThere),
  );
}
