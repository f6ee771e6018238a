/** SPARQL: an editor that knows the ontology, examples, a history of this browser, and the results. The query is the parameter `query`. */

import { type Question, RESULTS, Refused, type Schema } from "../api";
import type { App } from "../app";
import { type Child, el, swap } from "../dom";
import { called } from "../names";
import { answerOf, TRIPLES } from "../sparql/answer";
import { suggestions } from "../sparql/completion";
import type { Editor } from "../sparql/editor";
import { firstWords, inLanguage, SAMPLES } from "../sparql/examples";
import { forget, history, remember } from "../sparql/history";
import { type Shown, showResults } from "../sparql/results";
import { mistakeIn, spanOf, toldOf } from "../sparql/syntax-error";
import { undefinedTerms } from "../sparql/undefined-terms";
import { menu } from "./components";
import { share } from "./share";
import type { Mounted, View } from "./view";

export function open(app: App): View {
  let written: Editor | null = null;
  let schema: Schema = { prefixes: {}, classes: [], properties: [] };
  let questions: Question[] = [];
  let timeout = 30;
  let running: AbortController | null = null;
  let shown: Shown | null = null;
  let drawn: Mounted | null = null;
  let failure: Refused | null = null;

  const tools = el("div", { class: "sparql-tools" });
  const place = el("div", { class: "sparql-editor" });
  const notice = el("div", { class: "sparql-notice" });
  const limits = el("p", { class: "soft limits" });
  const results = el("section", { class: "sparql-results" });
  const element = el("div", { class: "sparql" }, tools, place, limits, notice, results);

  const wanted = (): string => app.state().params.query ?? SAMPLES.classes;

  // ── Running ──

  async function run(): Promise<void> {
    const query = written?.text() ?? wanted();
    if (!query.trim()) return;
    running?.abort();
    const mine = (running = new AbortController());
    address();
    remember(query);
    failure = null;
    written?.unmark();
    showTools();
    showNotice();
    const begun = performance.now();
    try {
      const answer = answerOf(await app.source.sparql(query, `${RESULTS}, ${TRIPLES};q=0.9`, mine.signal));
      if (mine !== running) return;
      shown = { answer, query, seconds: (performance.now() - begun) / 1000, prefixes: schema.prefixes };
      showAnswer();
      const { rows, triples, answer: verdict } = app.words().query;
      app.say(answer.truth !== null ? verdict(answer.truth) : (answer.isGraph ? triples : rows)(answer.rows.length));
    } catch (error) {
      if (mine !== running) return;
      failure = error instanceof Refused ? error : new Refused("broken", String(error));
      drawn?.leave();
      shown = drawn = null;
      results.replaceChildren();
    } finally {
      if (mine === running) {
        running = null;
        showTools();
        showNotice();
      }
    }
  }

  function showAnswer(): void {
    drawn?.leave();
    drawn = shown && showResults(app, results, shown);
  }

  /** Bring the address up to what is written. */
  function address(): void {
    const query = written?.text() ?? wanted();
    if (app.state().params.query !== query) app.store.step({ params: { ...app.state().params, query } });
  }

  // ── What went wrong ──

  function showNotice(): void {
    const words = app.words().query;
    if (running) return swap(notice, el("p", { class: "soft", role: "status" }, words.running));
    if (!failure) return swap(notice, shown && warning(shown.query));
    const status = failure.problem.status;
    if (failure.reproach === "malformed") return showMistake(failure);
    const text =
      failure.reproach === "stopped" ? words.stopped
      : failure.reproach === "timeout" ? words.timeout(timeout)
      : status === 413 ? words.tooMuch
      : status === 403 ? toldOf(failure.detail, words)
      : null;
    swap(notice, text ? el("div", { class: "trouble", role: "alert" }, el("p", {}, text)) : app.trouble(failure, () => void run()));
  }

  /** An answer to a query with a typing error looks like one that nothing matches. */
  function warning(query: string): Child {
    const unknown = undefinedTerms(query, schema);
    return unknown.length > 0 && el("p", { class: "doubt", role: "status" }, app.words().query.undefined(unknown));
  }

  function showMistake(refused: Refused): void {
    const words = app.words().query;
    const { line, column, detail } = mistakeIn(refused);
    const said = line === null ? words.mistakeSomewhere : words.mistake(line, column ?? 1);
    const span = line === null || !written ? null : spanOf(written.text(), line, column);
    if (span) written?.mark(span.from, span.to, said);
    swap(
      notice,
      el(
        "div",
        { class: "trouble", role: "alert" },
        el("p", {}, el("strong", {}, said)),
        el("pre", { class: "detail" }, toldOf(detail, words).slice(0, 1500)),
        span && el("button", { onclick: () => written?.go(span.to) }, words.goThere),
      ),
    );
  }

  // ── Tools ──

  function showTools(): void {
    const words = app.words().query;
    const before = history();
    const take = (close: () => void, query: string): void => {
      close();
      written?.replace(query);
      void run();
    };
    const examples = menu("query-examples", words.examples, (close) => [
      el("p", { class: "kind" }, words.small),
      (Object.keys(SAMPLES) as (keyof typeof SAMPLES)[]).map((name) => el("button", { onclick: () => take(close, SAMPLES[name]) }, words.samples[name])),
      questions.length > 0 && el("p", { class: "kind" }, words.questions),
      questions.map((question) => el("button", { onclick: () => take(close, inLanguage(question.sparql, app.lang())) }, called(question.title, app.lang()) ?? question.name)),
    ]);
    const past = menu("query-history", words.history, (close) => [
      before.length === 0 && el("p", { class: "soft" }, words.noHistory),
      before.map((query) => el("button", { class: "mono", title: query.slice(0, 600), onclick: () => take(close, query) }, firstWords(query))),
      before.length > 0 && el("button", { class: "clear", onclick: () => { forget(); showTools(); app.say(words.cleared); document.getElementById("query-history")?.focus(); } }, words.clear),
    ]);
    swap(
      tools,
      running
        ? el("button", { id: "query-run", class: "main", onclick: () => running?.abort() }, words.cancel)
        : el("button", { id: "query-run", class: "main", title: words.runKeys, onclick: () => void run() }, `▶ ${words.run}`),
      examples,
      past,
      share(app, address),
    );
    limits.textContent = words.limits(timeout);
    written?.relabel(words.editor, words.examples);
  }

  // ── Life ──

  async function begin(): Promise<void> {
    swap(place, el("p", { class: "waiting", role: "status" }, app.words().loading));
    try {
      const { editor } = await import("../sparql/editor");
      written = editor(wanted(), {
        run: () => void run(),
        suggest: (typed, text) => suggestions(typed, text, schema, app.lang()),
        sortName: (sort) => app.words().query.kindOfTerm[sort],
      });
      swap(place, written.element);
      showTools();
    } catch (error) {
      swap(place, app.trouble(error, () => void begin()));
    }
  }

  showTools();
  const prepared = app.source.schema().then((found) => { schema = found; }, () => undefined);
  app.source.questions().then(({ questions: found }) => { questions = found.filter((one) => !one.computed); showTools(); }, () => undefined);
  app.source.about().then((about) => { timeout = about.timeout; showTools(); }, () => undefined);
  // a link to a query shows its results
  void Promise.all([begin(), prepared]).then(() => { if (app.state().params.query && element.isConnected) void run(); });

  return {
    element,
    update(state, before) {
      const query = state.params.query;
      if (query !== undefined && query !== before.params.query && query !== written?.text()) {
        written?.replace(query);
        void run();
      }
      if (state.lang !== before.lang) {
        showTools();
        showNotice();
      }
      const isOther = state.lang !== before.lang || state.params.form !== before.params.form || state.params.short !== before.params.short;
      if (isOther) showAnswer();
      else drawn?.update();
    },
    leave() {
      running?.abort();
      drawn?.leave();
    },
  };
}
