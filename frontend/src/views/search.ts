/** Search as you type: a combobox whose list is grouped by kind, with a note beside it when there is nothing to choose from. */

import { type Found, Refused } from "../api";
import type { App } from "../app";
import { type Child, datum, el, swap } from "../dom";
import { fold, holds } from "../fold";
import { called } from "../names";
import { sign } from "./components";

const PAUSE = 90;
const MOST = 20;

export interface SearchField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** Call it otherwise, in the language chosen now; what is typed stays. */
  relabel(label: string): void;
}

/** Where a field looks, and what it says of a text that is found nowhere. */
export interface Where {
  look(text: string, most: number, signal?: AbortSignal): Promise<Found[]>;
  none(text: string): string;
}

const everywhere = (app: App): Where => ({
  look: async (text, most, signal) => (await app.source.search(text, most, signal)).found,
  none: (text) => app.words().nothingFound(text),
});

/** A search field; `choose` gets the thing that was taken from the list. */
export function searchField(app: App, id: string, label: string, choose: (iri: string) => void, { look, none } = everywhere(app)): SearchField {
  let found: Found[] = [];
  let foundFor = "";
  let at = -1;
  let timer = 0;
  let asking: AbortController | null = null;

  const title = el("label", { for: id, class: "unseen" }, label);
  const list = el("div", { id: `${id}-list`, class: "found", role: "listbox", "aria-label": label, hidden: true });
  const note = el("div", { class: "found", role: "status", hidden: true });
  const input = el("input", {
    id, type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id, placeholder: app.words().searchHint,
    oninput: () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void ask(), PAUSE);
    },
    onkeydown: (event: KeyboardEvent) => key(event),
    onfocus: () => { if (input.value.trim() && (found.length || note.childElementCount)) show(true); },
    onblur: () => setTimeout(() => { if (!element.contains(document.activeElement)) show(false); }, 150),
  });
  const element = el("div", { class: "search", role: "search" }, title, input, list, note);

  function forget(): void {
    [found, foundFor] = [[], ""];
    told(null);
  }

  async function ask(): Promise<void> {
    asking?.abort();
    const text = input.value.trim();
    if (!text) {
      forget();
      return show(false);
    }
    asking = new AbortController();
    const { signal } = asking;
    try {
      const hits = byKind(await look(text, MOST, signal));
      if (signal.aborted) return;
      found = hits;
      foundFor = text;
      at = -1;
      draw();
      app.say(app.words().found(found.length));
    } catch (error) {
      if (error instanceof Refused && error.reproach === "stopped") return;
      found = [];
      told(app.trouble(error, () => void ask()));
    }
    show(true);
  }

  /** Say something in the place of the list. */
  function told(what: Child): void {
    list.replaceChildren();
    swap(note, what);
  }

  function draw(): void {
    told(!found.length && el("p", { class: "none" }, none(foundFor.slice(0, 60))));
    const kinds = [...new Set(found.map((one) => one.kind))];
    swap(
      list,
      kinds.map((kind, index) =>
        el(
          "div",
          { role: "group", "aria-labelledby": `${id}-kind-${index}` },
          el("div", { id: `${id}-kind-${index}`, class: "kind", role: "presentation" }, app.name(kind)),
          found.map((one, number) => (one.kind === kind ? option(one, number) : null)),
        ),
      ),
    );
  }

  function option(one: Found, number: number): HTMLElement {
    const name = called(one.labels, app.lang()) ?? one.name;
    return el(
      "div",
      {
        id: `${id}-${number}`, class: "option", role: "option", "aria-selected": "false",
        onpointerdown: (event: PointerEvent) => event.preventDefault(),
        onclick: () => take(number),
      },
      sign(one.kind),
      el("span", {}, datum(name, 160), one.name !== name && !holds(fold(name), foundFor) && el("span", { class: "soft also" }, datum(one.name, 160))),
    );
  }

  function show(isShown: boolean): void {
    list.hidden = !isShown || !found.length;
    note.hidden = !isShown || found.length > 0;
    input.setAttribute("aria-expanded", String(isShown && found.length > 0));
    if (!isShown) input.removeAttribute("aria-activedescendant");
  }

  function move(to: number): void {
    at = (to + found.length) % found.length;
    list.querySelectorAll("[role=option]").forEach((one) => one.setAttribute("aria-selected", String(one.id === `${id}-${at}`)));
    input.setAttribute("aria-activedescendant", `${id}-${at}`);
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }

  function take(number: number): void {
    const one = found[number];
    if (!one) return;
    app.dictionary.learn({ [one.iri]: one.labels });
    input.value = "";
    forget();
    show(false);
    choose(one.iri);
  }

  function key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" && found.length) {
      event.preventDefault();
      show(true);
      move(at + 1);
    } else if (event.key === "ArrowUp" && found.length) {
      event.preventDefault();
      move(at < 0 ? found.length - 1 : at - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found.length && foundFor === input.value.trim()) take(Math.max(at, 0));
      else void ask();
    } else if (event.key === "Escape") {
      if (list.hidden && note.hidden) input.value = "";
      show(false);
    }
  }

  function relabel(called: string): void {
    swap(title, called);
    list.setAttribute("aria-label", called);
    input.placeholder = app.words().searchHint;
    if (foundFor) draw();
  }

  return { element, input, relabel };
}

/** The same things with those of a kind together, kinds by their best thing. */
function byKind(found: readonly Found[]): Found[] {
  const kinds = [...new Set(found.map((one) => one.kind))];
  return kinds.flatMap((kind) => found.filter((one) => one.kind === kind));
}
