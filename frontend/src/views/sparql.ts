/** The query view: an editor with completion, examples, history and results. The query is the parameter `query`. */

import "../styles/editor.css";
import type { App } from "../app";
import { el, swap } from "../dom";
import { showNotice } from "../sparql/notice";
import { showTools } from "../sparql/query-tools";
import { type QueryState, queryState, replace, run, showAnswer, wanted } from "../sparql/run";
import { suggester } from "../sparql/suggest";
import { showTabs } from "../sparql/tab-bar";
import { changed, keep } from "../sparql/tabs";
import type { State } from "../state";
import { editorWords } from "../words/editor";
import type { View } from "./view";

export function open(app: App): View {
  const state = queryState(app);
  state.redraw = () => {
    showTabs(state);
    showTools(state);
    showNotice(state);
  };
  const element = el("div", { class: "sparql" }, ...Object.values(state.elements));
  showTabs(state);
  showTools(state);
  // a link to a query shows its results at once
  void prepare(state).then(() => { if (app.state().params.query && element.isConnected) void run(state); });
  return {
    element,
    update: (now, before) => update(state, now, before),
    leave() {
      state.running?.abort();
      state.mounted?.leave();
    },
  };
}

/** Loads the editor, the terms that it suggests, the examples and the limits; resolves when a query can run. */
async function prepare(state: QueryState): Promise<unknown> {
  const { source } = state.app;
  const learn = (found: Partial<QueryState>): void => {
    Object.assign(state, found);
    showTools(state);
    showNotice(state);
  };
  const ignore = (): void => undefined;
  source.questions()
    .then(({ questions }) => learn({ questions: questions.filter(({ computed }) => !computed) }), ignore);
  source.about().then(({ timeout }) => learn({ timeout }), ignore);
  const schema = source.schema().then((found) => { state.schema = found; }, ignore);
  return Promise.all([loadEditor(state), schema]);
}

async function loadEditor(state: QueryState): Promise<void> {
  const { app, elements } = state;
  swap(elements.editor, el("p", { class: "waiting", role: "status" }, app.words().loading));
  try {
    const { editor } = await import("../sparql/editor");
    state.editor = editor(wanted(state), {
      run: () => void run(state),
      changed(text) {
        state.tabs = changed(state.tabs, { text });
        keep(state.tabs);
      },
      suggest: suggester(app, () => state.schema),
      sortName: (sort) => (sort === "thing" ? editorWords(app.lang()).thing : app.words().query.kindOfTerm[sort]),
    });
    swap(elements.editor, state.editor.element);
    showTools(state);
  } catch (error) {
    swap(elements.editor, app.trouble(error, () => void loadEditor(state)));
  }
}

function update(state: QueryState, { lang, params }: State, before: State): void {
  const { query } = params;
  if (query !== undefined && query !== before.params.query && query !== state.editor?.text()) replace(state, query);
  if (lang !== before.lang) state.redraw();
  const isForm = params.form !== before.params.form || params.short !== before.params.short;
  if (lang !== before.lang || isForm) showAnswer(state);
  else state.mounted?.update();
}
