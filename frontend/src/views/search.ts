/** Search as you type: a combobox with a list in groups, and a note when nothing is found. */

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

/** An option of the list, below the heading of its group. */
export interface Choice {
  heading(): string;
  /** Its content for a typed text. */
  shown(typed: string): TemplateResult;
  take(): void;
}

/** Where a field searches, and its message for a text that is not found. */
export interface Where {
  look(text: string, most: number, signal?: AbortSignal): Promise<readonly Choice[]>;
  none(text: string): string;
  /** The choices before anything is typed; none when there are many. */
  offer?(): Promise<readonly Choice[]>;
}

/** A search among things only. */
export interface Things {
  look(text: string, most: number, signal?: AbortSignal): Promise<readonly Found[]>;
  none(text: string): string;
  offer?(): Promise<readonly Found[]>;
}

type SearchState = ReturnType<typeof searchState>;

function searchState(app: App, id: string, label: string, where: Where) {
  const list = el("div", { id: `${id}-list`, class: "found", role: "listbox", "aria-label": label, hidden: true });
  return {
    app, where, list,
    note: el("div", { class: "found", role: "status", hidden: true }),
    input: el("input", {
      id, type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": list.id, placeholder: app.words().searchHint,
    }),
    found: [] as readonly Choice[],
    /** The text of the search that gave `found`. */
    foundFor: "",
    /** The index of the selected option, -1 for none. */
    at: -1,
    asking: null as AbortController | null,
  };
}

const everywhere = (app: App): Things => ({
  look: async (text, most, signal) => (await app.source.search(text, most, signal)).found,
  none: (text) => app.words().fill(app.words().nothingFound, { text }),
});

/** A field that searches for a thing; `choose` gets it. */
export const searchField = (
  app: App, id: string, label: string, choose: (iri: string) => void, things = everywhere(app),
) => searchBox(app, id, label, {
  look: async (text, most, signal) =>
    byKind(await things.look(text, most, signal)).map((one) => thing(app, one, choose)),
  none: things.none,
  offer: async () => (await things.offer?.() ?? []).map((one) => thing(app, one, choose)),
});

/** A search field with a list of choices. */
export function searchBox(app: App, id: string, label: string, where: Where) {
  const state = searchState(app, id, label, where);
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

/** A thing as a choice, below the name of its kind. */
export const thing = (app: App, one: Found, choose: (iri: string) => void): Choice => ({
  heading: () => app.name(one.kind),
  shown(typed) {
    const name = called(one.labels, app.lang()) ?? one.name;
    const isOther = one.name !== name && !holds(fold(name), typed);
    return html`${sign(one.kind)}<span>${datum(name, 160)}${isOther
      ? html`<span class="soft also">${datum(one.name, 160)}</span>` : nothing}</span>`;
  },
  take() {
    app.dictionary.learnThings([one]);
    choose(one.iri);
  },
});

function listen(state: SearchState, element: HTMLElement): void {
  const { input } = state;
  const typing = debounce(PAUSE);
  input.addEventListener("input", () => typing.soon(() => void ask(state)));
  input.addEventListener("click", () => void offer(state));
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
    const found = await where.look(text, MOST, signal);
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

/** Lists the choices before anything is typed, with the text selected, so that typing replaces it. */
async function offer(state: SearchState): Promise<void> {
  const { where, input, list } = state;
  const before = input.value;
  if (!where.offer || !list.hidden) return;
  const found = await where.offer().catch(() => []);
  if (!found.length || input.value !== before || document.activeElement !== input) return;
  state.asking?.abort();
  Object.assign(state, { found, foundFor: "", at: -1 });
  draw(state);
  show(state, true);
  input.select();
}

function forget(state: SearchState): void {
  Object.assign(state, { found: [], foundFor: "", at: -1 });
  draw(state);
}

function draw(state: SearchState): void {
  const { found, foundFor, input, list, note, where } = state;
  const isNone = foundFor && !found.length;
  render(isNone ? html`<p class="none">${where.none(foundFor.slice(0, 60))}</p>` : nothing, note);
  const headings = [...new Set(found.map((one) => one.heading()))];
  const options = (heading: string): unknown[] =>
    found.map((one, number) => (one.heading() === heading ? option(state, one, number) : nothing));
  render(headings.map((heading, index) => html`<div role="group" aria-labelledby=${`${input.id}-kind-${index}`}
    ><div id=${`${input.id}-kind-${index}`} class="kind" role="presentation">${heading}</div
    >${options(heading)}</div>`), list);
}

function option(state: SearchState, one: Choice, number: number): TemplateResult {
  const { at, foundFor, input } = state;
  return html`<div id=${`${input.id}-${number}`} class="option" role="option" aria-selected=${number === at}
    @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => take(state, number)}
    >${one.shown(foundFor)}</div>`;
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
  const { input, found } = state;
  input.value = "";
  forget(state);
  show(state, false);
  found[number]?.take();
}

function pressKey(state: SearchState, event: KeyboardEvent): void {
  const { found, at, input, list, note } = state;
  const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isArrow ? found.length : event.key === "Enter") event.preventDefault();
  if (isArrow && found.length) {
    show(state, true);
    move(state, event.key === "ArrowDown" ? at + 1 : at < 0 ? found.length - 1 : at - 1);
  } else if (event.key === "Enter") {
    if (found.length && (at >= 0 || state.foundFor === input.value.trim())) take(state, Math.max(at, 0));
    else void ask(state);
  } else if (event.key === "ArrowDown") {
    void offer(state);
  } else if (event.key === "Escape") {
    if (list.hidden && note.hidden) input.value = "";
    show(state, false);
  }
}

/** The hits grouped by kind, kinds in the order of their best hit. */
export function byKind(found: readonly Found[]): Found[] {
  const kinds = [...new Set(found.map((one) => one.kind))];
  return kinds.flatMap((kind) => found.filter((one) => one.kind === kind));
}
