/** The page: header, view, panel and footer. */

import type { App } from "./app";
import { debounce } from "./debounce";
import { called } from "./dictionary";
import { el, swap, whilePrinting } from "./dom";
import { header } from "./header";
import { paint } from "./look";
import { panel } from "./panel";
import { differ } from "./state";
import { followed } from "./views/components";
import { load } from "./views/registry";
import type { View } from "./views/view";

type Frame = ReturnType<typeof frameIn>;

export function frame(app: App, root: HTMLElement): void {
  const made = frameIn(app, root);
  listen(made);
  whilePrinting(() => paint(document.documentElement, "light"), () => look(app));
  look(app);
  showHeader(made);
  void showView(made, app.state().view);
  void made.panel.show(false);
  app.source.about().then(({ title }) => { if (called(title, app.lang())) showTitle(app); }, () => undefined);
}

/** The elements of the page, its open view, and the name of the view that is open or being loaded. */
function frameIn(app: App, root: HTMLElement) {
  const content = el("main", { id: "content", tabindex: "-1" });
  const place = el("div", { class: "view" });
  const beside = panel(app, content, () => showTitle(app));
  const head = header(app, beside.introduce);
  const skip = el("a", { class: "skip", href: "#content", onclick: followed(() => content.focus()) });
  const toPicture = el("a", { class: "skip", href: "#content", onclick: followed(() => focusPicture(content)) });
  content.append(place, beside.element);
  root.append(skip, toPicture, head.element, content, head.footer);
  return { app, skip, toPicture, content, place, header: head, panel: beside, view: null as View | null, opening: "" };
}

function listen(frame: Frame): void {
  const { app, panel: beside } = frame;
  const settling = debounce();
  app.store.listen((state, before) => {
    if (differ(state, before, "theme", "embedded")) look(app);
    if (differ(state, before, "lang", "theme", "view", "embedded", "thing", "selection")) showHeader(frame);
    settling.cancel();
    // a slider passes many days: only the day at which it rests is requested
    if (state.day !== before.day && !beside.isOther()) settling.soon(() => void beside.show(false));
    else void beside.show(true);
    if (state.view !== before.view) void showView(frame, state.view);
    else frame.view?.update(state, before);
  });
  app.exploration.listen((phase) => {
    if (phase !== "changed") return;
    void beside.show(false);
    if (app.state().embedded) frame.header.show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    look(app);
    frame.view?.update(app.state(), app.state());
  });
  document.addEventListener("keydown", searchOnSlash);
  keepFocus(frame.content);
}

/** The main element gets the focus of an element that was removed or hidden, so that it does not fall to the body. */
function keepFocus(content: HTMLElement): void {
  let last: Element | null = null;
  document.addEventListener("focusin", ({ target }) => { last = target as Element; });
  const isGone = (): boolean => last !== null && (!last.isConnected || last.getClientRects().length === 0);
  const keep = (): void => {
    if (document.activeElement === document.body && isGone()) content.focus({ preventScroll: true });
  };
  new MutationObserver(() => setTimeout(keep)) // after those who give the focus back themselves
    .observe(content, { subtree: true, childList: true, attributeFilter: ["hidden", "disabled", "open"] });
}

function focusPicture(content: HTMLElement): void {
  const picture = document.getElementById("picture");
  (picture?.checkVisibility() ? picture : content).focus();
}

function searchOnSlash(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLElement
    && event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
}

function showHeader({ app, skip, toPicture, header: head, panel: beside }: Frame): void {
  document.documentElement.lang = app.lang();
  showTitle(app);
  skip.textContent = app.words().skip;
  toPicture.textContent = app.words().toPicture;
  toPicture.hidden = app.state().view !== "network";
  beside.relabel();
  head.show();
}

function showTitle(app: App): void {
  const { thing, view } = app.state();
  const { views, title } = app.words();
  document.title = [thing && app.name(thing), view !== "network" && views[view], title].filter(Boolean).join(" · ");
}

function look(app: App): void {
  paint(document.documentElement, app.mode());
  document.documentElement.toggleAttribute("data-embedded", app.state().embedded);
}

async function showView(frame: Frame, name: string): Promise<void> {
  const { app, place } = frame;
  if (frame.opening === name) return;
  frame.opening = name;
  frame.view?.leave?.();
  frame.view = null;
  frame.content.dataset.view = name;
  const loading = load(name);
  if (!loading) return swap(place, unknownView(app, name));
  try {
    const module = await loading;
    if (frame.opening !== name) return;
    frame.view = module.open(app);
    swap(place, frame.view.element);
  } catch (error) {
    frame.opening = "";
    swap(place, app.trouble(error, () => void showView(frame, name)));
  }
}

function unknownView(app: App, name: string): HTMLElement {
  const words = app.words();
  const back = el("button", { onclick: () => app.store.step({ view: "network" }) }, words.toNetwork);
  return el("div", { class: "trouble", role: "alert" }, el("p", {}, words.fill(words.noView, { name })), back);
}
