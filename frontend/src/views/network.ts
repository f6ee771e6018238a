/** The network: the picture with its legend, tools and list, drawn from the state and the graph. */

import "../styles/network.css";
import { GROUP } from "../api";
import type { App } from "../app";
import { debounce } from "../debounce";
import { el, swap } from "../dom";
import { picture } from "../draw/picture";
import { chosenBy } from "../facets/chosen";
import { facetPanel } from "../facets/panel";
import { settle, sizes } from "../graph";
import { showList } from "../network/fact-list";
import { legendOf, ownOf, showDay } from "../network/legend";
import {
  expand, insets, isListed, isNarrow, look, type NetworkParts, partsOf, refilter, refit, sceneOf,
} from "../network/parts";
import { pinAt } from "../network/pin";
import { chooseLine, pressKey, showTip } from "../network/pointing";
import { showTools } from "../network/toolbar";
import { EVERYTHING, isEverything } from "../selection";
import { differ, type State } from "../state";
import type { View } from "./view";

/** Milliseconds after which a picture that is being loaded says so. */
const WAITING = 500;
/** Milliseconds of a double click, during which the picture does not move. */
const SECOND_CLICK = 450;

export function open(app: App): View {
  const parts = partsOf(app);
  const { filters, toolbar, stage, note, zoom, tip, list } = parts.elements;
  const settling = debounce();
  listenToStage(parts);
  const stop = app.exploration.listen((phase) => {
    if (phase === "changing") return parts.picture?.pause();
    const { fill, added } = app.words();
    if (parts.growing) app.say(fill(added, { n: Math.max(0, app.exploration.graph.order - parts.sizeBefore) }));
    changed(parts);
  });
  parts.waiting = debounce(WAITING);
  const refitting = debounce();
  const watcher = new ResizeObserver(() => refitting.soon(() => refit(parts)));
  for (const part of [stage, document.querySelector(".panel")]) if (part) watcher.observe(part);
  begin(parts);
  return {
    element: el("div", { class: "network" }, filters,
      el("div", { class: "stage" }, toolbar, stage, note, zoom, tip, list)),
    update(state, before) {
      settling.cancel();
      if (state.chain && state.day !== before.day) settling.soon(() => app.exploration.follow());
      update(parts, state, before);
    },
    leave() {
      parts.isGone = true;
      stop();
      watcher.disconnect();
      refitting.cancel();
      settling.cancel();
      parts.waiting.cancel();
      parts.picture?.leave();
      parts.picture = null; // what has the focus is told that it loses it when it is taken from the page
    },
  };
}

function listenToStage(parts: NetworkParts): void {
  const { stage } = parts.elements;
  stage.addEventListener("keydown", (event) => pressKey(parts, event));
  stage.addEventListener("blur", () => {
    parts.cursor = null;
    parts.picture?.show(sceneOf(parts));
  });
}

function begin(parts: NetworkParts): void {
  const { app, elements } = parts;
  if (!parts.canDraw) app.say(app.words().noWebgl);
  showTools(parts);
  swap(elements.note, el("p", { class: "waiting", role: "status" }, app.words().loading));
  app.exploration.follow();
  if (app.exploration.isReady()) changed(parts);
  parts.panel = facetPanel(app, elements.filters, ownOf(app, () => parts));
  showFilters(parts);
  void choose(parts);
}

function showFilters({ app, panel, elements }: NetworkParts): void {
  panel?.show();
  showDay(app, elements.filters);
}

/** Asks what the selection selects, and draws that. */
async function choose(parts: NetworkParts): Promise<void> {
  const { app } = parts;
  const { selection } = app.state();
  const found = await chosenBy(app, selection).catch(() => null);
  if (parts.isGone || app.state().selection !== selection || (!found && !parts.chosen)) return;
  parts.chosen = found;
  changed(parts);
}

/** Draws everything after a change of the graph. */
function changed(parts: NetworkParts): void {
  const { app, picture } = parts;
  if (parts.isGone) return;
  parts.waiting.cancel();
  refilter(parts);
  showTools(parts);
  renewFilters(parts);
  showNote(parts);
  if (picture) {
    picture.resume(sceneOf(parts));
    look(parts, true);
  }
  showMode(parts);
  parts.growing = null;
  parts.sizeBefore = app.exploration.graph.order;
  if (!parts.dated && !app.exploration.isGrouped()) void learnDates(parts);
}

function renewFilters(parts: NetworkParts): void {
  const { app, dated } = parts;
  if (parts.isGone || !app.exploration.isReady()) return;
  parts.legend = legendOf(app.exploration.graph, app.state(), dated ?? []);
  showFilters(parts);
}

/** The slider spans all known days; in a large graph only the days of the drawn part. */
async function learnDates(parts: NetworkParts): Promise<void> {
  parts.dated = [];
  const known = await parts.app.source.timeline(EVERYTHING).catch(() => null);
  parts.dated = known ? [known] : [];
  renewFilters(parts);
}

function showNote({ app, elements, canDraw }: NetworkParts): void {
  const { trouble, isGrouped, follow } = app.exploration;
  const words = app.words();
  const { start } = app.state();
  const grouped = isGrouped() && typeof start !== "object" ? words.groups[start === "whole" ? "whole" : "note"] : null;
  const isFiltered = grouped !== null && !isEverything(app.state().selection);
  const text = canDraw ? grouped && [grouped, " ", isFiltered && words.groups.unfiltered] : words.noWebgl;
  swap(elements.note, trouble() ? app.trouble(trouble(), follow) : text && el("p", { role: "status" }, text));
}

/** Shows the picture or its list; creates the picture once the graph has things. */
function showMode(parts: NetworkParts): void {
  const { app, visible, canDraw, elements: { stage, zoom, list } } = parts;
  const words = app.words();
  const asList = isListed(parts);
  list.hidden = !asList;
  for (const part of [stage, zoom]) part.hidden = asList;
  if (asList) showList(app, list, visible);
  else if (!parts.picture && canDraw && app.exploration.graph.order) draw(parts);
  stage.setAttribute("aria-label", `${words.pictureKeys} ${words.showing(...sizes(app.exploration.graph, visible))}`);
}

function draw(parts: NetworkParts): void {
  const { app, elements } = parts;
  parts.picture = picture(elements.canvas, app.exploration.graph, sceneOf(parts), {
    choose: app.open,
    chooseFact: (key) => chooseLine(app, key),
    chooseNothing: () => {
      if (app.state().thing || app.state().fact) app.store.step({ thing: null, fact: null });
    },
    expand: (iri) => (iri.startsWith(GROUP) ? app.open(iri) : expand(app, iri)),
    pin: (iri, x, y) => pinAt(app, iri, [x, y]),
    hover: (what, x, y) => showTip(parts, what, x, y),
  });
  look(parts, false);
}

function update(parts: NetworkParts, state: State, before: State): void {
  const { app } = parts;
  const { graph } = app.exploration;
  const isAsked = differ(state, before, "start", "expanded", "chain");
  if (isAsked) {
    parts.growing = state.expanded.find((iri) => !before.expanded.includes(iri)) ?? null;
    app.exploration.follow();
    if (!app.exploration.isReady()) parts.waiting.soon(() => showWaiting(parts));
  }
  if (state.pins !== before.pins) settle(graph, state.pins, before.pins);
  if (state.selection !== before.selection) void choose(parts);
  if (isFilteredAnew(parts, state, before)) refilter(parts);
  showTools(parts);
  if (!app.exploration.isReady()) return;
  if (state.lang !== before.lang || !parts.legend) renewFilters(parts);
  else showFilters(parts);
  parts.picture?.show(sceneOf(parts));
  showMode(parts);
  if (state.thing && state.thing !== before.thing && !isAsked) revealLater(parts, state.thing);
}

/** What takes long says so, and can be stopped. */
function showWaiting({ app, elements }: NetworkParts): void {
  const { loading, groups } = app.words();
  swap(elements.note, el("div", { class: "long-work", role: "status" }, el("span", {}, loading),
    el("progress", { "aria-label": loading }), el("button", { onclick: app.exploration.stop }, groups.stop)));
}

const isFilteredAnew = ({ visible }: NetworkParts, state: State, before: State): boolean =>
  differ(state, before, "hidden", "day", "selection", "lang", "chain")
    || (state.thing !== null && !visible.nodes.has(state.thing));

function revealLater(parts: NetworkParts, thing: string): void {
  const { app } = parts;
  setTimeout(() => {
    const { picture } = parts;
    const isWanted = app.state().thing === thing && app.exploration.graph.hasNode(thing);
    if (!isWanted) return;
    if (!picture?.isFitted()) picture?.reveal([thing], insets(parts));
    else if (isNarrow(parts)) look(parts, true);
  }, SECOND_CLICK);
}
