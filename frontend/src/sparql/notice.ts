/** What is said below the editor: that a query runs, what is wrong with it, or that it names unknown terms. */

import type { Refused } from "../api";
import { type Child, el, swap } from "../dom";
import { type QueryState, run } from "./run";
import { mistakeIn, spanOf, toldOf } from "./syntax-error";
import { undefinedTerms } from "./undefined-terms";

export function showNotice(state: QueryState): void {
  const { app, running, failure } = state;
  const words = app.words().query;
  const content = running ? el("p", { class: "soft", role: "status" }, words.running)
    : !failure ? doubt(state)
    : failure.reproach === "malformed" ? mistake(state, failure)
    : trouble(state, failure);
  swap(state.elements.notice, content);
}

/** An answer to a query with a typing error looks like one that nothing matches. */
function doubt({ app, shown, schema }: QueryState): Child {
  const unknown = shown ? undefinedTerms(shown.query, schema) : [];
  return unknown.length > 0 && el("p", { class: "doubt", role: "status" }, app.words().query.undefined(unknown));
}

function trouble(state: QueryState, failure: Refused): Child {
  const { app, timeout } = state;
  const words = app.words().query;
  const { status } = failure.problem;
  const text = failure.reproach === "stopped" ? words.stopped
    : failure.reproach === "timeout" ? words.timeout(timeout)
    : status === 413 ? words.tooMuch
    : status === 403 ? toldOf(failure.detail, words)
    : null;
  if (!text) return app.trouble(failure, () => void run(state));
  return el("div", { class: "trouble", role: "alert" }, el("p", {}, text));
}

/** A syntax error with its place, which is marked in the editor. */
function mistake({ app, editor }: QueryState, failure: Refused): Child {
  const words = app.words().query;
  const { line, column, detail } = mistakeIn(failure);
  const said = line === null ? words.mistakeSomewhere : words.mistake(line, column ?? 1);
  const span = line === null || !editor ? null : spanOf(editor.text(), line, column);
  if (span) editor?.mark(span.from, span.to, said);
  return el("div", { class: "trouble", role: "alert" },
    el("p", {}, el("strong", {}, said)),
    el("pre", { class: "detail" }, toldOf(detail, words).slice(0, 1500)),
    span && el("button", { onclick: () => editor?.go(span.to) }, words.goThere),
  );
}
