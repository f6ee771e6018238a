/** A sortable table that grows in portions. ARIA roles are explicit because narrow pages change its CSS display. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { withParams } from "../state";

export type Value = string | number | null;

export interface Column<R> {
  readonly key: string;
  readonly title: string;
  readonly help?: string;
  readonly isNumber?: boolean;
  /** The value that rows are sorted by; null comes last in either direction. */
  value(row: R): Value;
  shown(row: R): Child;
}

export interface Grid<R> {
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  thing?(row: R): string;
  /** The order in which the back end has sorted the rows; without it they are sorted here. */
  readonly order?: string;
  /** The order of the rows where the address names none. */
  readonly usual?: string;
  /** Whether what stands above the table says the same as its caption. */
  readonly isCaptionUnseen?: boolean;
}

const PORTION = 100;

/** The rows in the order of the address, else in the usual one, else as given. */
export function inOrder<R>(app: App, rows: readonly R[], columns: readonly Column<R>[], usual?: string): R[] {
  const { key, isDown } = order(app, undefined, usual);
  const column = columns.find((one) => one.key === key);
  if (!column) return [...rows];
  const collator = new Intl.Collator(app.words().locale, { numeric: true });
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  return keyed.sort((one, other) => compare(one.value, other.value, isDown, collator)).map(({ row }) => row);
}

function compare(one: Value, other: Value, isDown: boolean, collator: Intl.Collator): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const found = typeof one === "number" && typeof other === "number" ? one - other
    : collator.compare(String(one), String(other));
  return isDown ? -found : found;
}

function order(app: App, given?: string, usual = ""): { key: string; isDown: boolean } {
  const sort = given ?? app.state().params.sort ?? usual;
  return { key: sort.replace(/^-/, ""), isDown: sort.startsWith("-") };
}

export function grid<R>(app: App, made: Grid<R>): Child[] {
  const { caption, columns, rows, thing, order: given, usual, isCaptionUnseen } = made;
  const sorted = given === undefined ? inOrder(app, rows, columns, usual) : rows;
  const shownOrder = given ?? app.state().params.sort ?? usual;
  const body = el("tbody", { role: "rowgroup" });
  const row = (one: R): HTMLElement =>
    el("tr", { role: "row", ...(thing ? { "data-thing": thing(one), "aria-current": isChosen(app, thing(one)) } : {}) },
      columns.map((column, index) =>
        index === 0
          ? el("th", { scope: "row", role: "rowheader", class: column.isNumber ? "number" : null }, column.shown(one))
          : el("td", { role: "cell", class: column.isNumber ? "number" : null, "data-title": column.title },
            el("div", { class: "value" }, column.shown(one)))),
    );
  const more = portions(app, body, sorted, row);
  return [
    el("div", { class: "sheet" },
      el("table", { class: "grid", role: "table" },
        el("caption", { class: isCaptionUnseen ? "unseen" : null }, caption),
        el("thead", { role: "rowgroup" },
          el("tr", { role: "row" }, columns.map((column) => heading(app, column, shownOrder)))),
        body,
      ),
    ),
    more,
  ];
}

function heading<R>(app: App, { key, title, help, isNumber }: Column<R>, given?: string): HTMLElement {
  const { key: sorted, isDown } = order(app, given);
  const isSorted = sorted === key;
  const next = isSorted && !isDown ? `-${key}` : key;
  const direction = isSorted ? (isDown ? "descending" : "ascending") : null;
  const sort = (): void => app.store.adjust({ params: withParams(app.state(), { sort: next, page: null }) });
  const name = isNumber ? "number" : null;
  return el("th", { scope: "col", role: "columnheader", class: name, "aria-sort": direction },
    el("button", { id: `sort-${key}`, class: "plain sorter", title: help, onclick: sort },
      title, el("span", { class: "arrow", "aria-hidden": "true" }, isSorted ? (isDown ? "▼" : "▲") : "↕")),
  );
}

/** Adds the first portion of elements to a place; the button adds the next. */
export function portions<R>(app: App, place: HTMLElement, rows: readonly R[],
    make: (row: R) => HTMLElement, size = PORTION): HTMLElement {
  let shown = 0;
  const words = app.words();
  const more = el("button", { class: "more", onclick: () => grow() });
  function grow(): void {
    place.append(...rows.slice(shown, shown + size).map(make));
    shown = Math.min(rows.length, shown + size);
    more.hidden = shown === rows.length;
    more.textContent = words.fill(words.more, { n: Math.min(size, rows.length - shown) });
  }
  grow();
  return more;
}

const isChosen = (app: App, iri: string): string | null => (app.state().thing === iri ? "true" : null);

/** Marks the rows of the chosen thing. */
export function markChosen(app: App, place: HTMLElement): void {
  for (const one of place.querySelectorAll<HTMLElement>("[data-thing]")) {
    const chosen = isChosen(app, one.dataset.thing ?? "");
    if (chosen) one.setAttribute("aria-current", chosen);
    else one.removeAttribute("aria-current");
  }
}
