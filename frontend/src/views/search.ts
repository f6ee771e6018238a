/** Search as you type: a combobox with a list by kind, and a note when nothing is found. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import { type Found, Refused } from "../api";
import type { App } from "../app";
import { debounce } from "../debounce";
import { called } from "../dictionary";
import { datum, el, swap } from "../dom";
import { fold, holds } from "../fold";
import { sign } from "./components";

const PAUSE = 90;
const MOST = 20;
/** Milliseconds in which the focus may move from the field to its list. */
const LEAVING = 150;

/** Where a field searches, and its message for a text that is not found. */
export interface Where {
  look(text: string, most: number, signal?: AbortSignal): Promise<Found[]>;
  none(text: string): string;
}

type SearchState = ReturnType<typeof searchState>;

function searchState(app: App, id: string, label: string, choose: (iri: string) => void, where: Where) {
  const list = el("div", { id: `${id}-list`, class: "found", role: "listbox", "aria-label": label, hidden: true });
  return {
    app, where, choose, list,
    note: el("div", { class: "found", role: "status", hidden: true }),
    input: el("input", {
      id, type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": list.id, placeholder: app.words().searchHint,
    }),
    found: [] as readonly Found[],
    /** The text of the search that gave `found`. */
    foundFor: "",
    /** The index of the selected option, -1 for none. */
    at: -1,
    asking: null as AbortController | null,
  };
}

const everywhere = (app: App): Where => ({
  look: async (text, most, signal) => (await app.source.search(text, most, signal)).found,
  none: (text) => app.words().fill(app.words().nothingFound, { text }),
});

/** A search field; `choose` gets the chosen thing. */
export function searchField(
  app: App, id: string, label: string, choose: (iri: string) => void, where = everywhere(app),
) {
  const state = searchState(app, id, label, choose, where);
  const { input, list, note } = state;
  const title = el("label", { for: id, class: "unseen" }, label);
  const element = el("div", { class: "search", role: "search" }, title, input, list, note);
  listen(state, element);
  return {
    element,
    input,
    /** Sets the label and the hint in the present language; the input stays. */
    relabel(text: string): void {
      swap(title, text);
      list.setAttribute("aria-label", text);
      input.placeholder = app.words().searchHint;
      if (state.foundFor) draw(state);
    },
  };
}

function listen(state: SearchState, element: HTMLElement): void {
  const { input } = state;
  const typing = debounce(PAUSE);
  input.addEventListener("input", () => typing.soon(() => void ask(state)));
  input.addEventListener("keydown", (event) => pressKey(state, event));
  input.addEventListener("focus", () => {
    if (input.value.trim() && (state.found.length || state.note.childElementCount)) show(state, true);
  });
  input.addEventListener("blur", () => setTimeout(() => {
    if (!element.contains(document.activeElement)) show(state, false);
  }, LEAVING));
}

async function ask(state: SearchState): Promise<void> {
  const { app, where, input } = state;
  const { fill, found: foundOf } = app.words();
  state.asking?.abort();
  const text = input.value.trim();
  if (!text) {
    forget(state);
    return show(state, false);
  }
  state.asking = new AbortController();
  const { signal } = state.asking;
  try {
    const found = byKind(await where.look(text, MOST, signal));
    if (signal.aborted) return;
    Object.assign(state, { found, foundFor: text, at: -1 });
    draw(state);
    app.say(fill(foundOf, { n: found.length }));
  } catch (error) {
    if (error instanceof Refused && error.code === "stopped") return;
    state.found = [];
    draw(state);
    render(app.trouble(error, () => void ask(state)), state.note);
  }
  show(state, true);
}

function forget(state: SearchState): void {
  Object.assign(state, { found: [], foundFor: "", at: -1 });
  draw(state);
}

function draw(state: SearchState): void {
  const { app, found, foundFor, input, list, note, where } = state;
  const isNone = foundFor && !found.length;
  render(isNone ? html`<p class="none">${where.none(foundFor.slice(0, 60))}</p>` : nothing, note);
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  const options = (kind: string): unknown[] =>
    found.map((one, number) => (one.kind === kind ? option(state, one, number) : nothing));
  render(kinds.map((kind, index) => html`<div role="group" aria-labelledby=${`${input.id}-kind-${index}`}
    ><div id=${`${input.id}-kind-${index}`} class="kind" role="presentation">${app.name(kind)}</div
    >${options(kind)}</div>`), list);
}

function option(state: SearchState, one: Found, number: number): TemplateResult {
  const { app, foundFor, input } = state;
  const name = called(one.labels, app.lang()) ?? one.name;
  const isOther = one.name !== name && !holds(fold(name), foundFor);
  return html`<div id=${`${input.id}-${number}`} class="option" role="option" aria-selected=${number === state.at}
    @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => take(state, number)}>${sign(one.kind)}<span
    >${datum(name, 160)}${isOther ? html`<span class="soft also">${datum(one.name, 160)}</span>` : nothing}</span
    ></div>`;
}

function show({ found, input, list, note }: SearchState, isShown: boolean): void {
  const hasList = isShown && found.length > 0;
  list.hidden = !hasList;
  note.hidden = !isShown || found.length > 0;
  input.setAttribute("aria-expanded", String(hasList));
  if (!isShown) input.removeAttribute("aria-activedescendant");
}

function move(state: SearchState, to: number): void {
  const { found, input } = state;
  state.at = (to + found.length) % found.length;
  draw(state);
  const id = `${input.id}-${state.at}`;
  input.setAttribute("aria-activedescendant", id);
  document.getElementById(id)?.scrollIntoView({ block: "nearest" });
}

function take(state: SearchState, number: number): void {
  const { app, input } = state;
  const one = state.found[number];
  if (!one) return;
  app.dictionary.learnThings([one]);
  input.value = "";
  forget(state);
  show(state, false);
  state.choose(one.iri);
}

function pressKey(state: SearchState, event: KeyboardEvent): void {
  const { found, at, input, list, note } = state;
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isArrow ? found.length : event.key === "Enter") event.preventDefault();
  if (isArrow && found.length) {
    show(state, true);
    move(state, event.key === "ArrowDown" ? at + 1 : at < 0 ? found.length - 1 : at - 1);
  } else if (event.key === "Enter") {
    if (found.length && state.foundFor === input.value.trim()) take(state, Math.max(at, 0));
    else void ask(state);
  } else if (event.key === "Escape") {
    if (list.hidden && note.hidden) input.value = "";
    show(state, false);
  }
}

/** The hits grouped by kind, kinds in the order of their best hit. */
function byKind(found: readonly Found[]): Found[] {
  const kinds = [...new Set(found.map((one) => one.kind))];
  return kinds.flatMap((kind) => found.filter((one) => one.kind === kind));
}
