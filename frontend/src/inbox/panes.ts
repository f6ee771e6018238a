/** Two panes with rows: a field of both sides in each, and how it compares. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { inboxWords } from "../words/inbox";

export const HOWS = ["equal", "partly", "different", "only"] as const;
export type How = (typeof HOWS)[number];
const SIGNS: Record<How, string> = { equal: "=", partly: "≈", different: "≠", only: "◐" };

export interface Row {
  label: string;
  how: How;
  one: Child;
  other: Child;
}

export function panes(app: App, heads: readonly [Child, Child], rows: readonly Row[]): HTMLElement {
  const words = inboxWords(app.lang());
  const cell = (content: Child): HTMLElement =>
    el("td", {}, content || el("span", { class: "soft" }, words.unsaid));
  return el("table", { class: "panes" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", { class: "unseen" }, words.field)),
      heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map(({ label, how, one, other }) => el("tr", { class: how },
      el("th", { scope: "row" }, label, " ",
        el("span", { class: `chip how ${how}` }, `${SIGNS[how]} ${words.hows[how]}`)),
      cell(one), cell(other)))));
}
