/** The day of a question: named where the answer is about one, chosen where it is computed, else said not to count. */

import type { Question } from "../api";
import type { App } from "../app";
import { dayInWords } from "../dictionary";
import { type Child, el, swap } from "../dom";
import { dayFrom } from "../parameters";

/** The line about the day; `show` is called with the values of each answer. */
export function questionDay(app: App, question: Question) {
  const { time, everyDay } = app.words();
  const input = el("input", { id: "ask-day-of-network", type: "date",
    onchange: () => app.store.adjust({ day: input.value || null }) });
  const told = el("p", { class: "as-of", role: "status" });
  const field = question.computed && el("label", { class: "field" }, el("span", {}, time), input);
  const element = el("div", { class: "controls day" }, field, told);

  function show(values: Readonly<Record<string, string>>): void {
    const { day } = app.state();
    input.value = day ?? "";
    const usual = question.parameters.day;
    const about = usual === undefined ? day : dayFrom(values.day ?? usual);
    const words = app.words();
    const named: Child = about && [`${time}: `, el("strong", {}, dayInWords(about, words))];
    const ignored: Child = day && words.fill(words.questions.noDay, { day: dayInWords(day, words) });
    const line = question.computed ? !day && everyDay : usual === undefined ? ignored : named;
    swap(told, line);
    element.hidden = !line && !question.computed;
  }

  return { element, show };
}
