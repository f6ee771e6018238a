/** The network: the picture with its legend, its tools and its list; what it shows follows from state and graph. */

import type { Interval, Located } from "../api";
import type { App } from "../app";
import { debounce } from "../debounce";
import { el, swap } from "../dom";
import { type Insets, type Picture, picture } from "../draw/picture";
import { hasWebgl } from "../draw/webgl";
import { around, manner, settle, type Visible, visible } from "../graph";
import type { State } from "../state";
import { menu, sign } from "./components";
import { recount, showFilters } from "./filters";
import { showList } from "./list";
import { pinAt, togglePin } from "./pin";
import { share } from "./share";
import type { View } from "./view";

/** Pixels that a key moves a thing by. */
const STEP = 20;
/** How many things a small screen begins with. */
const NEAREST = 14;
/** Pixels between the pointer and what is said about what it points at. */
const BESIDE = { x: 14, y: 18 };

export function open(app: App): View {
  const { graph } = app.exploration;
  const canDraw = hasWebgl();
  let drawn: Picture | null = null;
  let shown: Visible = { nodes: new Set(), edges: new Set() };
  let located: Located[] = [];
  /** What has dates, also outside the picture; null before it is asked for. */
  let times: readonly Interval[] | null = null;
  let cursor: string | null = null;
  /** What a coming change of the graph adds to, so that the picture can move to it. */
  let growing: string | null = null;
  let sizeBefore = 0;
  let isGone = false;
  const settling = debounce();

  const filters = el("aside", { class: "filters", "aria-label": app.words().filters });
  const toolbar = el("div", { class: "toolbar" });
  const canvas = el("div", { class: "canvas" });
  const stage = el("div", { class: "picture", id: "picture", tabindex: "0", role: "group", onkeydown: (event: KeyboardEvent) => key(event), onblur: () => { cursor = null; draw(); } }, canvas);
  const tip = el("div", { class: "tip", hidden: true });
  const zoom = el("div", { class: "zoom" });
  const note = el("div", { class: "stage-note" });
  const list = el("div", { class: "list", id: "list", tabindex: "-1", hidden: true });
  const element = el("div", { class: "network" }, filters, el("div", { class: "stage" }, toolbar, stage, note, zoom, tip, list));

  // ── From state and graph to what is seen ──

  function scene() {
    const state = app.state();
    return { visible: shown, thing: state.thing, fact: state.fact, pinned: state.pins, chain: app.exploration.chain(), cursor, mode: app.mode(), name: app.name, covered: covered() };
  }

  function refilter(): void {
    const state = app.state();
    const keep = new Set([state.thing, ...app.exploration.chain().flatMap((edge) => (graph.hasEdge(edge) ? graph.extremities(edge) : []))].filter((iri): iri is string => iri !== null));
    shown = visible(graph, state, keep, state.place ? around(graph, state.place, located) : null);
  }

  const isListed = (): boolean => app.state().list || !canDraw;

  function draw(): void {
    if (drawn) drawn.show(scene());
  }

  /** What tools and panel take away from the stage. */
  function covered(): Insets {
    const room = stage.getBoundingClientRect();
    const panel = document.querySelector<HTMLElement>(".panel:not([hidden])")?.getBoundingClientRect();
    const [isNarrow, none] = [room.width < 640, { top: toolbar.offsetHeight, right: 0, bottom: 0, left: 0 }];
    if (!panel || panel.left >= room.right || panel.top >= room.bottom) return none;
    return isNarrow ? { ...none, bottom: Math.max(0, room.bottom - panel.top) } : { ...none, right: Math.max(0, room.right - panel.left) };
  }

  /** The same with room for labels. */
  function insets(): Insets {
    const { top, right, bottom, left } = covered();
    const side = Math.min(95, stage.clientWidth * 0.17);
    return { top: top + 30, right: right + side, bottom: bottom + 66, left: left + side };
  }

  function showNote(): void {
    const { trouble, isPart, follow } = app.exploration;
    const words = app.words();
    const told = !canDraw ? words.noWebgl : isPart() ? words.isPart : null;
    swap(note, trouble() ? app.trouble(trouble(), follow) : told && el("p", { role: "status" }, told));
  }

  /** Everything, after the graph has changed. */
  function changed(): void {
    if (isGone) return;
    refilter();
    showTools();
    showFilters(app, filters, located, times ?? [], shown);
    showNote();
    if (!drawn && canDraw && graph.order && !isListed()) begin();
    else if (drawn) {
      drawn.resume(scene());
      move(true);
    }
    showMode();
    growing = null;
    sizeBefore = graph.order;
    if (!times && !app.exploration.isPart()) void learnTimes();
  }

  /** The slider goes over all known days; of a large graph only over those of what is drawn. */
  async function learnTimes(): Promise<void> {
    times = [];
    const { dated } = await app.source.timeline().catch(() => ({ dated: [] }));
    times = dated;
    if (!isGone && app.exploration.isReady()) showFilters(app, filters, located, times, shown);
  }

  function begin(): void {
    drawn = picture(canvas, graph, scene(), {
      choose: (iri) => app.open(iri),
      chooseFact: (edge) => app.openFact(edge),
      chooseNothing: () => { if (app.state().thing || app.state().fact) app.store.step({ thing: null, fact: null }); },
      expand,
      pin: (iri, x, y) => pinAt(app, iri, [x, y]),
      hover,
    });
    move(false);
  }

  /** Where the picture looks after the graph has changed: at what was added, or at all of it. */
  function move(isGentle: boolean): void {
    if (!drawn) return;
    const chain = app.exploration.chain();
    if (chain.length) drawn.fit(new Set(chain.flatMap((edge) => (graph.hasEdge(edge) ? graph.extremities(edge) : []))), insets(), isGentle);
    else if (growing && graph.hasNode(growing)) drawn.reveal([growing, ...graph.neighbors(growing)], insets());
    else drawn.fit(stage.clientWidth < 640 ? middle() : null, insets(), isGentle);
  }

  /** On a small screen the picture begins with the thing that has most facts, and what is near it. */
  function middle(): string[] | null {
    const [best] = [...shown.nodes].sort((one, other) => graph.degree(other) - graph.degree(one) || (one < other ? -1 : 1));
    if (!best || shown.nodes.size <= NEAREST) return null;
    const { x, y } = graph.getNodeAttributes(best);
    const far = (iri: string): number => Math.hypot(graph.getNodeAttribute(iri, "x") - x, graph.getNodeAttribute(iri, "y") - y);
    return [...shown.nodes].sort((one, other) => far(one) - far(other)).slice(0, NEAREST);
  }

  function expand(iri: string): void {
    const { expanded } = app.state();
    if (!expanded.includes(iri)) app.store.step({ expanded: [...expanded, iri], thing: iri, fact: null });
  }

  function showMode(): void {
    const asList = isListed();
    list.hidden = !asList;
    for (const part of [stage, zoom]) part.hidden = asList;
    if (asList) showList(app, list, shown);
    else if (!drawn && canDraw && graph.order) begin();
    stage.setAttribute("aria-label", `${app.words().pictureKeys} ${app.words().showing(shown.nodes.size, shown.edges.size)}`);
  }

  // ── Tools ──

  function showTools(): void {
    const words = app.words();
    const state = app.state();
    const { start } = state;
    const choice = (name: string, value: State["start"], isOn: boolean): HTMLElement =>
      el("button", { id: `start-${name}`, "aria-pressed": String(isOn), onclick: () => app.store.step({ start: value, expanded: [], chain: null, fact: null }) }, words[name === "whole" ? "whole" : "overview"]);
    const saves = menu("download", words.download, (close) => [
      (["png", "svg", "gexf", "graphml"] as const).map((format) =>
        el("button", { onclick: async () => { close(); await (await import("../export")).save(app, shown, format); } }, words.downloads[format])),
      el("button", { onclick: () => { close(); print(); } }, words.print),
    ]);
    toolbar.setAttribute("role", "group");
    toolbar.setAttribute("aria-label", words.picture);
    swap(
      toolbar,
      el("div", { class: "segmented", role: "group", "aria-label": words.start }, choice("overview", "overview", start === "overview"), choice("whole", "whole", start === "whole"),
        typeof start === "object" && el("span", { class: "focus-name" }, words.focusOn(app.name(start.focus)))),
      el("div", { class: "tools" },
        el("button", { id: "undo", class: "icon", title: words.undo, "aria-label": words.undo, disabled: !app.store.canUndo(), onclick: () => app.store.undo() }, "↶"),
        el("button", { id: "redo", class: "icon", title: words.redo, "aria-label": words.redo, disabled: !app.store.canRedo(), onclick: () => app.store.redo() }, "↷"),
        el("button", { id: "as-list", "aria-pressed": String(isListed()), disabled: !canDraw, onclick: () => app.store.adjust({ list: !app.state().list }) }, words.asList),
        saves,
        share(app),
      ),
      el("p", { class: "showing", role: "status" }, words.showing(shown.nodes.size, shown.edges.size)),
    );
    swap(
      zoom,
      el("button", { id: "zoom-in", class: "icon", title: words.closer, "aria-label": words.closer, onclick: () => drawn?.zoom(0.7) }, "+"),
      el("button", { id: "zoom-out", class: "icon", title: words.farther, "aria-label": words.farther, onclick: () => drawn?.zoom(1.4) }, "−"),
      el("button", { id: "zoom-fit", class: "icon", title: words.fit, "aria-label": words.fit, onclick: () => drawn?.fit(null, insets(), true) }, "⤢"),
    );
  }

  // ── Pointing and keys ──

  function hover(what: { node?: string; edge?: string } | null, x: number, y: number): void {
    const words = app.words();
    tip.hidden = !what;
    if (what?.node && graph.hasNode(what.node)) {
      const { kind } = graph.getNodeAttributes(what.node);
      swap(tip, sign(kind), " ", el("strong", {}, app.name(what.node)), el("br"), el("span", { class: "soft" }, app.name(kind)));
    } else if (what?.edge && graph.hasEdge(what.edge)) {
      const edge = graph.getEdgeAttributes(what.edge);
      swap(tip, app.name(edge.source), " · ", el("strong", {}, `${app.name(edge.predicate)}:`), " ", app.name(edge.target), el("br"), el("span", { class: "soft" }, words.manners[manner(edge)]));
    }
    const { top, right, bottom } = covered();
    const [width, height] = [stage.clientWidth - right - tip.offsetWidth, stage.clientHeight - bottom - tip.offsetHeight];
    const above = y - tip.offsetHeight - BESIDE.y;
    tip.style.left = `${Math.max(0, Math.min(x + BESIDE.x, width - 4))}px`;
    tip.style.top = `${stage.offsetTop + (y + BESIDE.y > height && above > top ? above : y + BESIDE.y)}px`;
  }

  function key(event: KeyboardEvent): void {
    if (!drawn || event.ctrlKey || event.metaKey || event.altKey) return;
    const ways: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const way = ways[event.key];
    const chosen = cursor ?? app.state().thing;
    if (way && event.shiftKey) {
      const at = chosen && drawn.beside(chosen, way[0] * STEP, way[1] * STEP);
      if (at) pinAt(app, chosen, at);
    } else if (way) {
      const next = drawn.towards(chosen, ...way);
      if (next) {
        cursor = next;
        draw();
        drawn.reveal([next], insets());
        app.say(app.words().cursorAt(app.name(next), app.name(graph.getNodeAttribute(next, "kind")), graph.edges(next).filter((edge) => shown.edges.has(edge)).length));
      }
    } else if (event.key === "Enter" && chosen) app.open(chosen);
    else if (event.key.toLowerCase() === "e" && chosen) expand(chosen);
    else if (event.key.toLowerCase() === "p" && chosen) togglePin(app, chosen);
    else if (event.key === "+" || event.key === "=") drawn.zoom(0.7);
    else if (event.key === "-") drawn.zoom(1.4);
    else if (event.key === "0") drawn.fit(null, insets(), true);
    else return;
    event.preventDefault();
  }

  // ── Life ──

  const stop = app.exploration.listen((phase) => {
    if (phase === "changing") return drawn?.pause();
    const more = graph.order - sizeBefore;
    if (growing) app.say(app.words().added(Math.max(0, more)));
    changed();
  });
  if (!canDraw) app.say(app.words().noWebgl);
  showTools();
  swap(note, el("p", { class: "waiting", role: "status" }, app.words().loading));
  app.exploration.follow();
  if (app.exploration.isReady()) changed();
  app.source.places().then(({ places, names }) => {
    located = places;
    app.dictionary.learn(names);
    if (app.state().place) changed();
    else if (app.exploration.isReady()) showFilters(app, filters, located, times ?? [], shown);
  }).catch(() => undefined);

  return {
    element,
    update(state, before) {
      const shownBefore = shown;
      const isOther = state.start !== before.start || state.expanded !== before.expanded || state.chain !== before.chain;
      if (isOther) {
        growing = state.expanded.find((iri) => !before.expanded.includes(iri)) ?? null;
        app.exploration.follow();
      }
      settling.cancel();
      if (state.chain && state.day !== before.day) settling.soon(() => app.exploration.follow());
      if (state.pins !== before.pins) settle(graph, state.pins, before.pins);
      const isFilterOther = state.hidden !== before.hidden || state.day !== before.day || state.place !== before.place;
      if (isFilterOther || (state.thing !== null && !shown.nodes.has(state.thing)) || state.lang !== before.lang || state.chain !== before.chain) refilter();
      showTools();
      if (app.exploration.isReady()) {
        if (state.lang !== before.lang) showFilters(app, filters, located, times ?? [], shown);
        else if (shown !== shownBefore || isFilterOther) recount(app, filters, shown);
        draw();
        showMode();
        if (state.thing && state.thing !== before.thing && graph.hasNode(state.thing) && !isOther) {
          const { thing } = state;
          // a second click may follow: what is under the pointer stays there until then
          setTimeout(() => { if (app.state().thing === thing && graph.hasNode(thing)) drawn?.reveal([thing], insets()); }, 450);
        }
      }
    },
    leave() {
      isGone = true;
      stop();
      settling.cancel();
      drawn?.leave();
      drawn = null; // what has the focus is told that it loses it when it is taken from the page
    },
  };
}
