/** The tools above the editor: run, examples, history, link. */

import { html, render, type TemplateResult } from "lit-html";
import { called } from "../dictionary";
import { type Child, el } from "../dom";
import { menu } from "../views/components";
import { share } from "../views/share";
import { editorWords } from "../words/editor";
import { firstWords, inLanguage, SAMPLE_NAMES, SAMPLES } from "./examples";
import { forget, history } from "./history";
import { type QueryState, replace, run, updateAddress } from "./run";
import { files, format } from "./tab-bar";

export function showTools(state: QueryState): void {
  const { app, elements, editor, timeout } = state;
  const { fill, query: words } = app.words();
  render(
    html`${runButton(state)} ${examples(state)} ${past(state)} ${formatButton(state)} ${files(state)} ${
      share(app, () => updateAddress(state))}`,
    elements.tools,
  );
  elements.limits.textContent = fill(words.limits, { seconds: timeout });
  editor?.relabel(words.editor, words.examples);
}

function runButton(state: QueryState): TemplateResult {
  const words = state.app.words().query;
  const act = (): void => {
    if (state.running) state.running.abort();
    else void run(state);
  };
  const text = state.running ? words.cancel : `▶ ${words.run}`;
  return html`<button id="query-run" class="main" title=${words.runKeys} @click=${act}>${text}</button>`;
}

const formatButton = (state: QueryState): TemplateResult =>
  html`<button id="query-format" @click=${() => format(state)}>${editorWords(state.app.lang()).format}</button>`;

/** Handlers that close a menu and run a query. */
const taking = (state: QueryState, close: () => void) => (query: string) => (): void => {
  close();
  replace(state, query);
};

function examples(state: QueryState): HTMLElement {
  const { app, questions } = state;
  const words = app.words().query;
  return menu("query-examples", words.examples, (close) => {
    const take = taking(state, close);
    return [
      el("p", { class: "kind" }, words.small),
      SAMPLE_NAMES.map((name) => el("button", { onclick: take(SAMPLES[name]) }, words.samples[name])),
      questions.length > 0 && el("p", { class: "kind" }, words.questions),
      questions.map(({ name, title, sparql }) =>
        el("button", { onclick: take(inLanguage(sparql, app.lang())) }, called(title, app.lang()) ?? name)),
    ];
  });
}

function past(state: QueryState): HTMLElement {
  const { app } = state;
  const words = app.words().query;
  const clear = (): void => {
    forget();
    state.redraw();
    app.say(words.cleared);
    document.getElementById("query-history")?.focus();
  };
  return menu("query-history", words.history, (close) => {
    const take = taking(state, close);
    const entry = (query: string): Child =>
      el("button", { class: "mono", title: query.slice(0, 600), onclick: take(query) }, firstWords(query));
    const queries = history();
    if (!queries.length) return [el("p", { class: "soft" }, words.noHistory)];
    return [queries.map(entry), el("button", { class: "clear", onclick: clear }, words.clear)];
  });
}
