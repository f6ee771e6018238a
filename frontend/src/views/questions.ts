/** The competency questions: all of them as cards, or one with its answer. */

import type { Question, Results, Schema } from "../api";
import type { App } from "../app";
import { type Debounce, debounce } from "../debounce";
import { called } from "../dictionary";
import { type Child, datum, el, swap } from "../dom";
import { fetchLabels } from "../fetch-labels";
import { fold, holds } from "../fold";
import { iriOf } from "../parameters";
import { answerIn, irisIn } from "../sparql/answer";
import { isRedrawn, type State, toHash, withParams } from "../state";
import { variableName } from "../words/variables";
import { explained, followed } from "./components";
import { markChosen } from "./grid";
import { loading } from "./loading";
import { answered } from "./question-answer";
import { questionDay } from "./question-day";
import { askForm, valuesIn } from "./question-form";
import type { Forms } from "./result-forms";
import type { View } from "./view";

const PAUSE = 300;

export function open(app: App): View {
  const element = el("section", { class: "page questions" });
  const show = loading(app, element);
  const typing = debounce(PAUSE);
  let drawnFor = "";
  let asked = (): void => undefined;
  let shown: Forms | null = null;

  function take(forms: Forms | null): void {
    shown?.leave();
    shown = forms;
  }

  async function draw(): Promise<void> {
    const { params, lang } = app.state();
    const subject = `${lang} ${params.question ?? ""}`;
    if (drawnFor === subject) return asked();
    drawnFor = subject;
    typing.cancel();
    asked = () => undefined;
    take(null);
    await show(
      () => Promise.all([app.source.questions(), app.source.schema()]),
      ([{ questions }, schema]) => {
        const chosen = questions.find(({ name }) => name === params.question);
        if (chosen) {
          const { content, ask } = detail(app, chosen, schema, take);
          asked = ask;
          return content;
        }
        const { fill, questions: words } = app.words();
        return [params.question && el("p", { class: "trouble", role: "alert" },
          fill(words.unknown, { name: params.question.slice(0, 80) })), cards(app, questions, typing)];
      },
    );
  }

  void draw();
  return {
    element,
    update(state, before) {
      if (!isRedrawn(state, before) && state.day === before.day) {
        shown?.update();
        return markChosen(app, element);
      }
      void draw();
      if (state.params.question !== before.params.question) element.scrollTo(0, 0);
    },
    leave() {
      typing.cancel();
      take(null);
    },
  };
}

function cards(app: App, questions: readonly Question[], typing: Debounce): Child[] {
  const { fill: filled, questions: words } = app.words();
  const place = el("div");
  const filter = el("input",
    { id: "question-filter", type: "search", autocomplete: "off", spellcheck: "false", value: app.state().params.filter,
    oninput: () => {
      fill();
      typing.soon(() => app.store.adjust({ params: withParams(app.state(), { filter: filter.value }) }));
    },
  });

  function fill(): void {
    const found = questions.filter(({ title, meaning }) =>
      holds(fold([...Object.values(title), ...Object.values(meaning)].join(" ")), filter.value));
    const askers = [...new Set(found.map(({ askedBy }) => askedBy))].sort();
    if (filter.value) app.say(filled(words.found, { n: found.length }));
    swap(place,
      !found.length && el("p", { class: "none" }, filled(words.found, { n: 0 })),
      askers.map((asker) => [
        el("h2", {}, words.askers[asker] ?? asker),
        el("ul", { class: "cards" }, found.filter(({ askedBy }) => askedBy === asker)
          .map((question) => el("li", {}, card(app, question)))),
      ]),
    );
  }
  fill();
  return [
    el("p", { class: "soft" }, words.lead),
    el("div", { class: "controls" }, el("label", { class: "field wide" }, el("span", {}, words.filter), filter)),
    place,
  ];
}

function card(app: App, question: Question): HTMLElement {
  const meaning = called(question.meaning, app.lang());
  const taken = [...Object.keys(question.parameters), ...(question.computed ? ["day"] : [])]
    .map((name) => variableName(name, app.lang()));
  const { fill, questions: words } = app.words();
  return el("article", { class: "question" },
    el("h3", {}, link(app, { question: question.name }, called(question.title, app.lang()) ?? question.name)),
    meaning && el("p", { class: "soft" }, datum(meaning)),
    taken.length > 0 && el("p", { class: "soft" }, fill(words.takes, { names: taken.join(", ") })),
  );
}

function link(app: App, params: State["params"], text: string): HTMLElement {
  const onclick = followed(() => app.store.step({ params }));
  return el("a", { href: toHash({ ...app.state(), params }), onclick }, datum(text));
}

/** A question with its form; `ask` updates the answer, `take` gets the forms of each answer. */
function detail(app: App, question: Question, schema: Schema, take: (forms: Forms) => void) {
  const { fill, questions: words } = app.words();
  const place = el("div", { class: "result" });
  const form = el("div");
  const day = questionDay(app, question);
  const show = loading(app, place);
  let latest: { key: string; results: Promise<Results> } | null = null;

  const thingsOf = (values: Record<string, string>): string[] =>
    Object.values({ ...question.parameters, ...values }).map((term) => iriOf(term, schema.prefixes))
      .filter((iri) => iri !== null);

  /** The chosen day, where the answer is computed from the network of a day. */
  const onDay = (): string | null => (question.computed ? app.state().day : null);

  function ask(): void {
    const values = valuesIn(app.state(), question);
    const key = JSON.stringify([values, onDay()]);
    if (latest?.key !== key) void showForm(values);
    day.show(values);
    void show(() => results(key, values), (found) => {
      const { forms, content } = answered(app, question, values, found, thingsOf(values));
      take(forms);
      return content;
    });
  }

  /** The answer, requested anew only for other values or after an error. */
  async function results(key: string, values: Record<string, string>): Promise<Results> {
    if (latest?.key === key) return latest.results;
    const asked = { key, results: app.source.answer(question.name, app.lang(), values, onDay()) };
    latest = asked;
    asked.results.catch(() => { if (latest === asked) latest = null; });
    const found = await asked.results;
    await fetchLabels(app, irisIn(answerIn(found, ""))).catch(() => undefined);
    app.say(fill(words.rows, { n: found.results?.bindings.length ?? 0 }));
    return found;
  }

  async function showForm(values: Record<string, string>): Promise<void> {
    await fetchLabels(app, thingsOf(values)).catch(() => undefined);
    swap(form, askForm(app, question, schema, again));
  }

  /** Asks the question with other values in the same form of the answer. */
  function again(given: Record<string, string>): void {
    const { form: chosen } = app.state().params;
    app.store.step({ params: { question: question.name, ...given, ...(chosen && { form: chosen }) } });
  }

  ask();
  const meaning = called(question.meaning, app.lang());
  const content = [
    el("p", { class: "back" }, link(app, {}, `← ${words.all}`)),
    el("h2", { class: "asked" }, datum(called(question.title, app.lang()) ?? question.name)),
    meaning && explained(words.key, el("p", { class: "meaning" }, datum(meaning))),
    el("p", { class: "soft asker" }, words.askers[question.askedBy] ?? question.askedBy),
    form,
    day.element,
    place,
  ];
  return { content, ask };
}
