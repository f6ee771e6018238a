/** Two panes with rows in groups: a field of both sides in each row, and how it compares. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { inboxWords } from "../words/inbox";

const HOWS = ["equal", "partly", "different", "only"] as const;
export type How = (typeof HOWS)[number];
const SIGNS: Record<How, string> = { equal: "=", partly: "≈", different: "≠", only: "◐" };

export interface Row {
  label: string;
  how: How;
  one: Child;
  other: Child;
}

export interface Group {
  title: string;
  rows: readonly Row[];
}

export function panes(app: App, heads: readonly [Child, Child], groups: readonly Group[]): HTMLElement {
  const words = inboxWords(app.lang());
  const cell = (content: Child): HTMLElement =>
    el("td", {}, content || el("span", { class: "soft" }, words.unsaid));
  return el("table", { class: "panes" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", { class: "unseen" }, words.field)),
      heads.map((head) => el("th", { scope: "col" }, head)))),
    groups.filter(({ rows }) => rows.length).map(({ title, rows }) => el("tbody", {},
      el("tr", {}, el("th", { scope: "rowgroup", colspan: 3, class: "group-title" }, title)),
      rows.map(({ label, how, one, other }) => el("tr", {},
        el("th", { scope: "row" }, label, " ",
          el("span", { class: `chip how ${how}` }, `${SIGNS[how]} ${words.hows[how]}`)),
        cell(one), cell(other))))));
}
