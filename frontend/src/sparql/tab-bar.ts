/** The row of tabs above the editor, and the files of queries. */

import { html, render, type TemplateResult } from "lit-html";
import { el } from "../dom";
import { download } from "../export";
import { menu } from "../views/components";
import { editorWords } from "../words/editor";
import { firstWords } from "./examples";
import { formatted } from "./format";
import { type QueryState, showAnswer } from "./run";
import { added, changed, closed, keep, read, type Tabs, written } from "./tabs";

export function showTabs(state: QueryState): void {
  const { app, tabs: { list, at }, elements } = state;
  const words = editorWords(app.lang());
  elements.tabs.setAttribute("aria-label", words.tabs);
  render(html`${list.map((_, place) => (place === at ? chosen(state) : other(state, place)))}<button id="query-new"
    class="icon" title=${words.newTab} aria-label=${words.newTab}
    @click=${() => choose(state, added(state.tabs, { name: "", text: "" }))}>+</button>`, elements.tabs);
}

const nameOf = ({ app, tabs: { list } }: QueryState, place: number): string =>
  list[place]?.name || app.words().fill(editorWords(app.lang()).tab, { n: place + 1 });

const other = (state: QueryState, place: number): TemplateResult =>
  html`<button id=${`query-tab-${place}`} class="query-tab" aria-pressed="false"
    title=${firstWords(state.tabs.list[place]!.text)}
    @click=${() => choose(state, { ...state.tabs, at: place })}>${nameOf(state, place)}</button>`;

/** The chosen tab: its name can be changed, and it can be closed. */
function chosen(state: QueryState): TemplateResult {
  const { app, tabs, isRenaming } = state;
  const words = editorWords(app.lang());
  const name = nameOf(state, tabs.at);
  const rename = (): void => {
    state.isRenaming = true;
    showTabs(state);
    const field = document.getElementById("query-name") as HTMLInputElement | null;
    field?.select();
  };
  const close = (): void => choose(state, closed(state.tabs, tabs.at));
  const title = app.words().fill(words.closeTab, { name });
  return html`<span class="query-tab chosen">${isRenaming ? nameField(state)
    : html`<button id=${`query-tab-${tabs.at}`} class="plain" aria-pressed="true" title=${words.rename}
      @click=${rename}>${name} <span aria-hidden="true">✎</span></button>`}<button class="plain" id="query-close"
    title=${title} aria-label=${title} @click=${close}>×</button></span>`;
}

function nameField(state: QueryState): TemplateResult {
  const { app, tabs } = state;
  const done = (event: Event): void => {
    if (!state.isRenaming) return;
    state.isRenaming = false;
    state.tabs = changed(state.tabs, { name: (event.target as HTMLInputElement).value.trim().slice(0, 60) });
    keep(state.tabs);
    showTabs(state);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") state.isRenaming = false;
    else done(event);
    showTabs(state);
    document.getElementById(`query-tab-${tabs.at}`)?.focus();
  };
  return html`<input id="query-name" aria-label=${editorWords(app.lang()).renamePrompt} maxlength="60"
    .value=${tabs.list[tabs.at]?.name ?? ""} @keydown=${press} @blur=${done}>`;
}

/** Shows other tabs: the text of the chosen one, and its results if it was run on this page. */
function choose(state: QueryState, tabs: Tabs): void {
  const { app, editor } = state;
  state.running?.abort();
  state.isRenaming = false;
  state.tabs = tabs;
  keep(tabs);
  const text = tabs.list[tabs.at]?.text ?? "";
  editor?.replace(text);
  editor?.unmark();
  state.failure = null;
  const shown = state.results.get(text);
  state.shown = shown ?? null;
  app.store.adjust({ params: shown ? { query: text } : {} });
  if (shown) showAnswer(state);
  else {
    state.mounted?.leave();
    state.mounted = null;
    state.elements.results.replaceChildren();
  }
  state.redraw();
  document.getElementById(`query-tab-${tabs.at}`)?.focus();
}

/** Lays the query out, or says why not. */
export function format(state: QueryState): void {
  const { app, editor } = state;
  const words = editorWords(app.lang());
  const before = editor?.text() ?? "";
  const text = formatted(before);
  const shown = state.results.get(before);
  if (text) editor?.change(text);
  if (text && shown) state.results.set(text, shown);
  app.say(text ? words.formatted : words.notFormatted);
  state.note = text ? "" : words.notFormatted;
  state.redraw();
}

/** The menu of files. */
export function files(state: QueryState): HTMLElement {
  const { app } = state;
  const words = editorWords(app.lang());
  const input = el("input", { type: "file", accept: ".rq,.sparql,.txt,.json", hidden: true,
    onchange: () => void take() });

  async function take(): Promise<void> {
    const file = input.files?.[0];
    const found = file ? read(file.name, await file.text()) : [];
    input.value = "";
    state.note = found.length ? "" : words.notImported;
    app.say(found.length ? app.words().fill(words.imported, { n: found.length }) : words.notImported);
    if (found.length) choose(state, found.reduce(added, state.tabs));
    else state.redraw();
  }

  const save = (text: string, name: string): void => download(new Blob([text], { type: "text/plain" }), name);
  const { tabs } = state;
  const name = tabs.list[tabs.at]?.name.replace(/[^\p{L}\p{N} _-]/gu, "") || "query";
  return menu("query-files", words.file, (close) => {
    const item = (text: string, act: () => void) =>
      el("button", { onclick: () => { close(); act(); } }, text);
    return [
      item(words.saveOne, () => save(state.editor?.text() ?? "", `${name}.rq`)),
      item(words.saveAll, () => save(written(state.tabs), "kgraph-queries.json")),
      item(words.open, () => input.click()),
      input,
    ];
  });
}
