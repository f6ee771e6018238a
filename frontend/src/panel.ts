/** The panel beside the view: a card, a fact, a chain or the introduction. */

import type { App } from "./app";
import { el, swap } from "./dom";
import { memory } from "./memory";
import { intro } from "./views/intro";

type Focusable = HTMLElement | SVGElement;

/** The subject of the panel and its form: language, day and the like. */
type Content = Readonly<Record<"subject" | "form", string>> & { readonly isThing?: boolean };

/** `main` holds panel and view; `onchange` is called when the panel has new content. */
interface PanelState extends Readonly<Record<"main" | "element" | "inside", HTMLElement>> {
  readonly app: App;
  readonly onchange: () => void;
  shown: Content | null;
  /** The cards that were read before this one, the last at the end, each with how far it was read. */
  readonly trail: { thing: string; scrolled: number }[];
  /** The last element outside the panel that had the focus when the panel was filled. */
  opener: Focusable | null;
  isIntroduced: boolean;
}

export function panel(app: App, main: HTMLElement, onchange: () => void) {
  const inside = el("div", { class: "inside" });
  const closer = el("button", { class: "close icon", onclick: () => close(state) }, "×");
  const leave = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) close(state);
  };
  const element = el("aside", { class: "panel", hidden: true, onkeydown: leave }, closer, inside);
  const isIntroduced = memory.get("introduced") !== null;
  const state: PanelState = { app, main, element, inside, onchange, shown: null, trail: [], opener: null,
    isIntroduced };
  return {
    element,
    /** Shows what the state asks for; `isAsked` moves the focus into the panel, or back to what opened it. */
    show: (isAsked: boolean) => show(state, isAsked),
    /** Whether the state asks for another subject, rather than another form of the one that is shown. */
    isOther: () => contentFor(state)?.subject !== state.shown?.subject,
    relabel(): void {
      const { close: title, card } = app.words();
      closer.setAttribute("aria-label", title);
      closer.title = title;
      element.setAttribute("aria-label", card);
    },
    introduce(): void {
      state.isIntroduced = false;
      app.store.step({ view: "network", thing: null, fact: null, chain: null });
      void show(state, true);
    },
  };
}

async function show(state: PanelState, isAsked: boolean): Promise<void> {
  const { app, element, inside, shown: before } = state;
  const { thing, fact, chain } = app.state();
  if (thing || fact || chain) state.isIntroduced = true; // by what was opened
  const wanted = contentFor(state);
  if (wanted?.subject === before?.subject && wanted?.form === before?.form) return;
  const active = document.activeElement;
  if (isFocusable(active) && active !== document.body && !element.contains(active)) state.opener = active;
  const scrolled = followed(state, thing);
  state.shown = wanted;
  element.hidden = !wanted;
  if (!wanted) return empty(state, isAsked);
  element.classList.toggle("is-intro", wanted.subject === "introduction");
  const isOther = wanted.subject !== before?.subject;
  if (isOther) swap(inside, el("p", { class: "waiting" }, app.words().loading));
  await fill(state, wanted, isAsked);
  if (state.shown !== wanted) return;
  if (isOther) element.scrollTop = scrolled;
  state.onchange();
  const heading = inside.querySelector<HTMLElement>("h2");
  if (!isOther || !isAsked || !heading) return;
  heading.focus({ preventScroll: true });
  if (heading.textContent) app.say(heading.textContent);
}

/** Keeps the trail of cards up to date before another thing is shown; how far that one was read. */
function followed({ element, shown, trail }: PanelState, thing: string | null): number {
  if (!thing) trail.length = 0;
  if (!thing || !shown || thing === shown.subject) return 0;
  if (trail.at(-1)?.thing === thing) return trail.pop()?.scrolled ?? 0;
  if (shown.isThing) trail.push({ thing: shown.subject, scrolled: element.scrollTop });
  return 0;
}

/** The way back to the card that was read before. */
function wayBack({ app, trail }: PanelState): HTMLElement | null {
  const last = trail.at(-1)?.thing;
  if (!last) return null;
  const text = app.words().fill(app.words().back, { name: app.name(last) });
  return el("p", { class: "back" }, el("button", { class: "small", onclick: () => app.open(last) }, `← ${text}`));
}

function close(state: PanelState): void {
  const { store } = state.app;
  const { thing, fact, chain } = store.get();
  if (thing || fact) store.step({ thing: null, fact: null });
  else if (chain) store.step({ chain: null });
  else {
    state.isIntroduced = true;
    memory.set("introduced", "yes");
    void show(state, true);
  }
}

function empty(state: PanelState, isAsked: boolean): void {
  const { main, opener } = state;
  state.opener = null;
  state.inside.replaceChildren();
  if (isAsked) queueMicrotask(() => giveFocusBack(main, opener)); // after the view has drawn itself anew
}

const isFocusable = (element: Element | null): element is Focusable =>
  element instanceof HTMLElement || element instanceof SVGElement;

/** The content for the state; null for a closed panel. */
function contentFor({ app, isIntroduced }: PanelState): Content | null {
  const { thing, fact, chain, lang, start, expanded, day, embedded, view } = app.state();
  const isReady = app.exploration.isReady();
  const isFocus = typeof start === "object" && start.focus === thing;
  if (thing) return { subject: thing, form: `${lang} ${day} ${expanded.includes(thing)} ${isFocus}`, isThing: true };
  if (fact) return { subject: fact, form: `${lang} ${isReady} ${app.exploration.graph.hasEdge(fact)}` };
  if (chain) return { subject: chain.join(" "), form: `${lang} ${day}` };
  if (isIntroduced || embedded || view !== "network") return null;
  return { subject: "introduction", form: `${lang} ${isReady}` };
}

async function fill(state: PanelState, wanted: Content, isAsked: boolean): Promise<void> {
  const again = (): void => {
    state.shown = null;
    void show(state, isAsked);
  };
  try {
    await load(state, () => state.shown === wanted);
  } catch (error) {
    if (state.shown === wanted) swap(state.inside, state.app.trouble(error, again));
  }
}

/** Fills the panel; modules that the first view does not need are loaded here. */
async function load(state: PanelState, isWanted: () => boolean): Promise<void> {
  const { app, inside } = state;
  const { thing, fact, chain } = app.state();
  if (thing) {
    await (await import("./views/card")).showCard(app, inside, thing);
    const back = wayBack(state);
    if (back && isWanted()) inside.prepend(back);
    return;
  }
  if (chain && !fact) return (await import("./views/chain")).showChain(app, inside, chain);
  if (!fact) return swap(inside, intro(app, memory.get("introduced") !== null));
  const [{ factCard }, schema] = await Promise.all([import("./views/fact"), app.source.schema().catch(() => null)]);
  const predicate = fact.split("|")[1];
  const definitions = schema?.properties.find(({ iri }) => iri === predicate)?.definitions;
  if (isWanted()) swap(inside, factCard(app, fact, definitions));
}

/** Moves the focus to the element that opened the panel, else to its successor, else to the view. */
function giveFocusBack(main: HTMLElement, opener: Focusable | null): void {
  const again = opener?.isConnected ? opener : (successor(main, opener) ?? document.getElementById("picture") ?? main);
  again.focus({ preventScroll: true });
  if (document.activeElement !== again) main.focus({ preventScroll: true });
}

/** The element in the view that replaced another one: with its id, its thing or its address. */
function successor(main: HTMLElement, gone: Element | null): Focusable | null {
  const name = ["id", "data-iri", "href"].find((one) => gone?.getAttribute(one));
  return name ? main.querySelector(`.view [${name}="${CSS.escape(gone?.getAttribute(name) ?? "")}"]`) : null;
}
