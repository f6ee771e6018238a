/** Running of queries, and the state of the query view. */

import { type Question, RESULTS, Refused, type Schema } from "../api";
import type { App } from "../app";
import { el } from "../dom";
import type { Mounted } from "../views/view";
import { answerOf, TRIPLES } from "./answer";
import type { Editor } from "./editor";
import { SAMPLES } from "./examples";
import { history, remember } from "./history";
import { countOf, type Shown, showResults } from "./results";
import { opened } from "./tabs";

export type QueryState = ReturnType<typeof queryState>;

export function queryState(app: App) {
  return {
    app,
    elements: {
      tabs: el("div", { class: "query-tabs", role: "group" }),
      tools: el("div", { class: "sparql-tools" }),
      editor: el("div", { class: "sparql-editor" }),
      limits: el("p", { class: "soft limits" }),
      notice: el("div", { class: "sparql-notice" }),
      results: el("section", { class: "sparql-results" }),
    },
    /** Redraws tools and notice. */
    redraw: (): void => undefined,
    editor: null as Editor | null,
    schema: { prefixes: {}, classes: [], properties: [] } as Schema,
    questions: [] as readonly Question[],
    /** The seconds that a query may take. */
    timeout: 30,
    running: null as AbortController | null,
    shown: null as Shown | null,
    mounted: null as Mounted | null,
    failure: null as Refused | null,
    tabs: opened(app.state().params.query, SAMPLES.classes, (text) => history().includes(text)),
    isRenaming: false,
    /** The results on this page by their queries. */
    results: new Map<string, Shown>(),
    /** A message about the editor itself. */
    note: "",
  };
}

/** The query of the chosen tab. */
export const wanted = ({ tabs: { list, at } }: QueryState): string => list[at]?.text ?? "";

/** Sets the address to the query in the editor. */
export function updateAddress(state: QueryState): void {
  const { app, editor } = state;
  const query = editor?.text() ?? wanted(state);
  if (app.state().params.query !== query) app.store.step({ params: { ...app.state().params, query } });
}

export async function run(state: QueryState): Promise<void> {
  const { app, schema } = state;
  const query = state.editor?.text() ?? wanted(state);
  if (!query.trim()) return;
  state.running?.abort();
  const mine = new AbortController();
  state.running = mine;
  updateAddress(state);
  remember(query);
  state.failure = null;
  state.note = "";
  state.editor?.unmark();
  state.redraw();
  const begun = performance.now();
  try {
    const answer = answerOf(await app.source.sparql(query, `${RESULTS}, ${TRIPLES};q=0.9`, mine.signal));
    if (mine !== state.running) return;
    state.shown = { answer, query, seconds: (performance.now() - begun) / 1000, prefixes: schema.prefixes };
    state.results.set(query, state.shown);
    showAnswer(state);
    app.say(countOf(app, answer));
  } catch (error) {
    if (mine === state.running) fail(state, error);
  } finally {
    if (mine === state.running) {
      state.running = null;
      state.redraw();
    }
  }
}

function fail(state: QueryState, error: unknown): void {
  state.failure = error instanceof Refused ? error : new Refused("broken", String(error));
  state.mounted?.leave();
  state.shown = null;
  state.mounted = null;
  state.elements.results.replaceChildren();
}

export function showAnswer(state: QueryState): void {
  state.mounted?.leave();
  state.mounted = state.shown && showResults(state.app, state.elements.results, state.shown);
}

/** Puts another query into the editor and runs it; `isEdit` keeps the place of the cursor. */
export function replace(state: QueryState, query: string, isEdit = false): void {
  if (isEdit) state.editor?.change(query);
  else state.editor?.replace(query);
  void run(state);
}
