/** The page around the views: header with search and menu, the view, the panel beside it, footer; all words replaceable. */

import type { App } from "./app";
import { debounce } from "./debounce";
import { el, swap } from "./dom";
import { whilePrinting } from "./draw/print";
import { paint } from "./look";
import { memory } from "./memory";
import { called } from "./names";
import { initial, type State, type Theme, toHash } from "./state";
import { showCard } from "./views/card";
import { showChain } from "./views/chain";
import { factCard } from "./views/fact";
import { intro } from "./views/intro";
import { load, VIEWS } from "./views/registry";
import { searchField } from "./views/search";
import type { View } from "./views/view";
import { WORDS } from "./words";

export function frame(app: App, root: HTMLElement): void {
  let view: View | null = null;
  let opening = "";
  let isIntroduced = memory.get("introduced") !== null;
  let shown: { subject: string; form: string } | null = null;
  let opener: HTMLElement | SVGElement | null = null;
  const settling = debounce();

  const skip = el("a", { class: "skip", href: "#content", onclick: (event: Event) => { event.preventDefault(); content.focus(); } });
  const brand = el("div", { class: "brand" });
  const search = searchField(app, "search", app.words().search, (iri) => app.open(iri));
  const menu = VIEWS.length > 1 ? el("nav") : null;
  const switches = el("div", { class: "switches", role: "group" });
  const header = el("header", {}, brand, search.element, menu, switches);
  const content = el("main", { id: "content", tabindex: "-1" });
  const place = el("div", { class: "view" });
  const panel = el("aside", { class: "panel", hidden: true, onkeydown: (event: KeyboardEvent) => { if (event.key === "Escape" && !event.defaultPrevented) close(); } });
  const inside = el("div", { class: "inside" });
  const closer = el("button", { class: "close icon", onclick: () => close() }, "×");
  const footer = el("footer");
  panel.append(closer, inside);
  content.append(place, panel);
  root.append(skip, header, content, footer);

  // ── Header and footer ──

  function showHeader(): void {
    const words = app.words();
    const state = app.state();
    document.documentElement.lang = state.lang;
    document.title = title(state);
    skip.textContent = words.skip;
    closer.setAttribute("aria-label", words.close);
    closer.title = words.close;
    panel.setAttribute("aria-label", words.card);
    const themes: Theme[] = ["auto", "light", "dark"];
    const nextTheme = themes[(themes.indexOf(state.theme) + 1) % themes.length] ?? "auto";
    const home = { ...initial(state.lang, state.theme) };
    swap(brand, el("h1", {}, el("a", { href: toHash(home), onclick: go(home) }, words.title)), el("p", {}, words.subtitle));
    search.relabel(words.search);
    if (menu) showMenu(menu, state);
    switches.setAttribute("aria-label", words.settings);
    swap(
      switches,
      el("button", { id: "switch-language", lang: state.lang === "pl" ? "en" : "pl", title: words.switchLanguage, "aria-label": `${words.otherLanguage}: ${words.switchLanguage}`, onclick: () => { const lang = app.lang() === "pl" ? "en" : "pl"; memory.set("lang", lang); app.store.adjust({ lang }); } }, words.otherLanguage),
      el("button", { id: "switch-theme", class: "icon", title: `${words.themes[state.theme]} (${words.changeTheme})`, "aria-label": `${words.themes[state.theme]}, ${words.changeTheme}`, onclick: () => { memory.set("theme", nextTheme); app.store.adjust({ theme: nextTheme }); } }, { auto: "◐", light: "☀", dark: "☾" }[state.theme]),
      el("button", { id: "show-help", class: "icon", title: words.help, "aria-label": words.help, onclick: () => introduce() }, "?"),
    );
    void app.source.about().then(({ triples, sources, licence, version }) => {
      const here = app.words();
      swap(
        footer,
        app.state().embedded && el("a", { href: whole(), target: "_blank", onclick: (event: MouseEvent) => { (event.currentTarget as HTMLAnchorElement).href = whole(); } }, here.openWhole),
        el("span", {}, here.foot(triples, sources)),
        el("span", {}, el("a", { class: "leaves", href: licence, target: "_blank", rel: "noopener noreferrer" }, here.licence)),
        el("span", {}, `kgraph ${version}`),
      );
    }).catch(() => footer.replaceChildren());
  }

  function showMenu(nav: HTMLElement, state: State): void {
    const { views, viewMenu } = app.words();
    nav.setAttribute("aria-label", viewMenu);
    swap(nav, VIEWS.map((name) => {
      const to = { ...state, view: name, params: {} };
      return el("a", { id: `view-${name}`, href: toHash(to), "aria-current": state.view === name ? "page" : null, onclick: go(to) }, views[name] ?? name);
    }));
    const current = nav.querySelector<HTMLElement>("[aria-current]");
    if (current) nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  }

  /** What is shown inside another page, outside it; it changes more often than the footer is drawn. */
  const whole = (): string => toHash({ ...app.state(), embedded: false });

  /** A click on a link that changes the state without loading the page. */
  function go(to: State): (event: MouseEvent) => void {
    return (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      app.store.step(to);
    };
  }

  function title(state: State): string {
    const words = WORDS[state.lang];
    return [state.thing && app.name(state.thing), state.view !== "network" && words.views[state.view], words.title].filter(Boolean).join(" · ");
  }

  // ── The view ──

  async function showView(name: string): Promise<void> {
    if (opening === name) return;
    opening = name;
    view?.leave?.();
    view = null;
    content.dataset.view = name;
    const loading = load(name);
    if (!loading) {
      const words = app.words();
      swap(place, el("div", { class: "trouble", role: "alert" }, el("p", {}, words.noView(name)), el("button", { onclick: () => app.store.step({ view: "network" }) }, words.toNetwork)));
      return;
    }
    try {
      const module = await loading;
      if (opening !== name) return;
      view = module.open(app);
      swap(place, view.element);
    } catch (error) {
      opening = "";
      swap(place, app.trouble(error, () => void showView(name)));
    }
  }

  // ── The panel: a card, a fact, a chain or the introduction ──

  /** What the panel is about, and in which form; null when it is closed. */
  function panelFor(state: State): { subject: string; form: string } | null {
    const { thing, fact, chain, lang, start, expanded, day } = state;
    const isReady = app.exploration.isReady();
    if (thing) return { subject: thing, form: `${lang} ${day} ${expanded.includes(thing)} ${typeof start === "object" && start.focus === thing}` };
    if (fact) return { subject: fact, form: `${lang} ${isReady}` };
    if (chain) return { subject: chain.join(" "), form: `${lang} ${day}` };
    return isIntroduced || state.embedded || state.view !== "network" ? null : { subject: "introduction", form: `${lang} ${isReady}` };
  }

  async function showPanel(isAsked: boolean): Promise<void> {
    const state = app.state();
    const wanted = panelFor(state);
    if (wanted?.subject === shown?.subject && wanted?.form === shown?.form) return;
    const isOther = wanted?.subject !== shown?.subject;
    const active = document.activeElement;
    if (!shown && (active instanceof HTMLElement || active instanceof SVGElement) && !panel.contains(active)) opener = active;
    shown = wanted;
    panel.hidden = !wanted;
    if (!wanted) {
      inside.replaceChildren();
      const from = opener;
      if (isAsked) queueMicrotask(() => goBack(from)); // after the view has drawn itself anew
      opener = null;
      return;
    }
    panel.classList.toggle("is-intro", wanted.subject === "introduction");
    if (isOther) swap(inside, el("p", { class: "waiting" }, app.words().loading));
    if (state.thing) await showCard(app, inside, state.thing);
    else if (state.fact) {
      const schema = await app.source.schema().catch(() => null);
      const predicate = state.fact.split("|")[1];
      if (shown !== wanted) return;
      swap(inside, factCard(app, state.fact, schema?.properties.find((one) => one.iri === predicate)?.definitions));
    } else if (state.chain) await showChain(app, inside, state.chain);
    else swap(inside, intro(app, close));
    if (shown !== wanted) return;
    if (isOther) panel.scrollTop = 0;
    if (isOther && isAsked) inside.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    document.title = title(app.state());
    const heading = inside.querySelector("h2")?.textContent;
    if (isOther && isAsked && heading) app.say(heading);
  }

  /** The focus goes to what opened the panel, or to what has come in its place; where that is gone, to the view. */
  function goBack(opener: HTMLElement | SVGElement | null): void {
    const again = opener?.isConnected ? opener : (successor(opener) ?? document.getElementById("picture") ?? content);
    again.focus({ preventScroll: true });
    if (document.activeElement !== again) content.focus({ preventScroll: true });
  }

  /** What stands for the same thing as an element that was drawn anew. */
  function successor(gone: Element | null): HTMLElement | SVGElement | null {
    const [id, iri, href] = ["id", "data-iri", "href"].map((name) => gone?.getAttribute(name));
    const selector = id ? `#${CSS.escape(id)}` : iri ? `[data-iri="${CSS.escape(iri)}"]` : href ? `a[href="${CSS.escape(href)}"]` : null;
    return selector ? place.querySelector<HTMLElement | SVGElement>(selector) : null;
  }

  function close(): void {
    const { thing, fact } = app.state();
    if (thing || fact) app.store.step({ thing: null, fact: null });
    else if (app.state().chain) app.store.step({ chain: null });
    else {
      isIntroduced = true;
      memory.set("introduced", "yes");
      void showPanel(true);
    }
  }

  function introduce(): void {
    isIntroduced = false;
    app.store.step({ view: "network", thing: null, fact: null, chain: null });
    void showPanel(true);
  }

  // ── Life ──

  function look(state: State): void {
    paint(document.documentElement, app.mode());
    document.documentElement.toggleAttribute("data-embedded", state.embedded);
  }

  app.store.listen((state, before) => {
    if (state.theme !== before.theme || state.embedded !== before.embedded) look(state);
    const isHeaderOther = state.lang !== before.lang || state.theme !== before.theme || state.view !== before.view || state.embedded !== before.embedded;
    if (isHeaderOther || state.thing !== before.thing) showHeader();
    if (state.thing || state.fact || state.chain) isIntroduced = true;
    settling.cancel();
    // a slider passes many days on its way: only the one where it rests is asked about
    if (state.day !== before.day && panelFor(state)?.subject === shown?.subject) settling.soon(() => void showPanel(false));
    else void showPanel(true);
    if (state.view !== before.view) void showView(state.view);
    else view?.update(state, before);
  });
  app.exploration.listen((phase) => { if (phase === "changed") void showPanel(false); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    look(app.state());
    view?.update(app.state(), app.state());
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("search")?.focus();
    }
  });

  whilePrinting(() => paint(document.documentElement, "light"), () => look(app.state()));
  look(app.state());
  showHeader();
  void showView(app.state().view);
  void showPanel(false);
  void app.source.about().then(({ title: own }) => { if (called(own, app.lang())) document.title = title(app.state()); }).catch(() => undefined);
}
