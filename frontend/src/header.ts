/** The header with search and menu, and the footer. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { App } from "./app";
import { afterPaint, el } from "./dom";
import { manner } from "./graph";
import { byLegend } from "./look";
import { memory } from "./memory";
import { initial, MANNERS, type State, type Theme, toHash } from "./state";
import { followed, sample, sign, unknownSample } from "./views/components";
import { views as allViews } from "./views/registry";
import { searchAll } from "./views/search-all";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const SIGNS: Record<Theme, string> = { auto: "◐", light: "☀", dark: "☾" };

export type Header = ReturnType<typeof header>;

export function header(app: App, showHelp: () => void) {
  const brand = el("div", { class: "brand" });
  const search = searchAll(app);
  const menu = el("nav");
  const switches = el("div", { class: "switches", role: "group" });
  const footer = el("footer");
  return {
    element: el("header", {}, brand, search.element, menu, switches),
    footer,
    /** Draws header and footer for the state. */
    show(): void {
      const words = app.words();
      const home = initial(app.lang(), app.state().theme);
      brand.title = words.subtitle;
      render(html`<h1>${link(app, home, words.title)}</h1>`, brand);
      search.relabel(words.search);
      showMenu(app, menu);
      switches.setAttribute("aria-label", words.settings);
      render(switchesOf(app, showHelp), switches);
      void showFooter(app, footer);
    },
  };
}

const link = (app: App, to: State, text: string): TemplateResult =>
  html`<a href=${toHash(to)} @click=${followed(() => app.store.step(to))}>${text}</a>`;

function showMenu(app: App, nav: HTMLElement): void {
  const { views, viewMenu } = app.words();
  const state = app.state();
  nav.setAttribute("aria-label", viewMenu);
  const entries = allViews().map((name) => {
    const to = { ...state, view: name, params: {} };
    return html`<a id=${`view-${name}`} href=${toHash(to)} aria-current=${state.view === name ? "page" : nothing}
      @click=${followed(() => app.store.step(to))}>${views[name] ?? name}</a>`;
  });
  render(entries, nav);
  afterPaint(() => {
    const current = nav.querySelector<HTMLElement>("[aria-current]");
    if (current) nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  });
}

function switchesOf(app: App, showHelp: () => void): TemplateResult {
  const words = app.words();
  const { lang, theme } = app.state();
  const otherLang = lang === "pl" ? "en" : "pl";
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  const change = (name: "lang" | "theme", value: string) => (): void => {
    memory.set(name, value);
    app.store.adjust({ [name]: value });
  };
  return html`<button id="switch-language" lang=${otherLang} title=${words.switchLanguage}
      aria-label=${`${words.otherLanguage}: ${words.switchLanguage}`} @click=${change("lang", otherLang)}
      >${words.otherLanguage}</button>
    <button id="switch-theme" class="icon" title=${`${words.themes[theme]} (${words.changeTheme})`}
      aria-label=${`${words.themes[theme]}, ${words.changeTheme}`} @click=${change("theme", nextTheme)}
      >${SIGNS[theme]}</button>
    <button id="show-help" class="icon" title=${words.help} aria-label=${words.help} @click=${showHelp}>?</button>`;
}

/** The kinds and lines of the picture, for a page that embeds it without its filters. */
function legend(app: App): TemplateResult {
  const { graph } = app.exploration;
  const words = app.words();
  const kinds = [...new Set(graph.mapNodes((_, { kind }) => kind))].sort(byLegend);
  const lines = MANNERS.filter((how) => graph.someEdge((_, edge) => manner(edge) === how));
  const others = [
    graph.someEdge((_, edge) => edge.asserted && !edge.single) && [sample("several"), words.severalSources],
    graph.someEdge((_, edge) => edge.disputed) && [sample("disputed"), words.disputedLine],
    graph.someNode((_, thing) => Boolean(thing.unknowns)) && [unknownSample(), words.partlyUnknown],
  ].filter((one) => one !== false);
  return html`<ul class="footer-legend" aria-label=${words.filters}>
    ${kinds.map((kind) => html`<li>${sign(kind)}${app.name(kind)}</li>`)}
    ${lines.map((how) => html`<li>${sample(how)}${words.manners[how]}</li>`)}
    ${others.map((parts) => html`<li>${parts}</li>`)}
  </ul>`;
}

async function showFooter(app: App, footer: HTMLElement): Promise<void> {
  const about = await app.source.about().catch(() => null);
  const { fill, ...words } = app.words();
  const counts = about && {
    things: fill(words.things, { n: about.things }), sources: fill(words.ofSources, { n: about.sources }),
  };
  /** The address without `embed`, which changes more often than the footer is drawn. */
  const whole = (): string => toHash({ ...app.state(), embedded: false });
  const update = (event: Event): void => {
    (event.currentTarget as HTMLAnchorElement).href = whole();
  };
  const outer = html`<a href=${whole()} target="_blank" @click=${update}>${words.openWhole}</a>`;
  const { embedded, view } = app.state();
  render(
    counts && html`${embedded && view === "network" ? legend(app) : nothing}${embedded ? outer : nothing}
      <span>${fill(words.foot, counts)}</span>
      <span><a class="leaves" href=${about.licence} target="_blank" rel="noopener noreferrer"
        >${words.licence}</a></span>
      <span><a href="third-party-notices.txt" target="_blank">${words.notices}</a></span>
      <span>kgraph ${about.version}</span>`,
    footer,
  );
}
