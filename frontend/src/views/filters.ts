/** Legend and filters in one: what there is, what it looks like, and a tick to leave it out. */

import type { Located } from "../api";
import type { App } from "../app";
import { datum, el, swap, type Child } from "../dom";
import { counts, manner, span, type Graph } from "../graph";
import { byLegend } from "../look";
import { called, dayInWords } from "../names";
import { NOTHING_HIDDEN, type Manner, type State } from "../state";
import { sample, sign } from "./parts";

const DAY = 86_400_000;
const MOST = 30;

/** Draw the filters for what is in the graph. */
export function showFilters(app: App, place: HTMLElement, located: readonly Located[]): void {
  const words = app.words();
  const { graph } = app.exploration;
  const state = app.state();
  const isOpen = !matchMedia("(max-width: 52rem)").matches;
  const before = place.querySelector<HTMLDetailsElement>("details.all")?.open ?? isOpen;
  const opened = (name: string): boolean => place.querySelector<HTMLDetailsElement>(`details[data-name=${name}]`)?.open ?? false;
  swap(
    place,
    el(
      "details",
      { class: "all", open: before },
      el("summary", { id: "filters-summary" }, words.filters),
      el(
        "div",
        { class: "inner" },
        group(words.kinds, kinds(app, graph, state)),
        group(words.lines, lines(app, graph, state)),
        time(app, graph, state),
        placeChoice(app, state, located, graph),
        folded("relations", words.relations, opened("relations"), boxes(app, "relations", counts(graph.mapEdges((_, edge) => edge.predicate)))),
        folded("sources", words.sourcesFilter, opened("sources"), boxes(app, "sources", counts(graph.mapEdges((_, edge) => [...new Set(edge.places.map((one) => one.source))]).flat()))),
        isFiltered(state) &&
          el("button", { id: "reset-filters", onclick: () => app.store.adjust({ hidden: NOTHING_HIDDEN, day: null, place: null }) }, words.reset),
      ),
    ),
  );
}

export function isFiltered({ hidden, day, place }: State): boolean {
  return day !== null || place !== null || Object.values(hidden).some((list) => list.length > 0);
}

function group(title: string, ...children: Child[]): HTMLElement {
  return el("fieldset", {}, el("legend", {}, title), children);
}

function folded(name: string, title: string, isOpen: boolean, children: HTMLElement[]): Child {
  return children.length > 0 && el("details", { "data-name": name, open: isOpen }, el("summary", { id: `fold-${name}` }, title), el("div", { role: "group", "aria-label": title }, children));
}

function toggle<K extends keyof State["hidden"]>(app: App, list: K, value: State["hidden"][K][number]): void {
  const { hidden } = app.state();
  const values = hidden[list] as readonly string[];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  app.store.adjust({ hidden: { ...hidden, [list]: next } });
}

function box(app: App, list: keyof State["hidden"], value: string, ...children: Child[]): HTMLElement {
  const isShown = !(app.state().hidden[list] as readonly string[]).includes(value);
  const input = el("input", { id: `${list} ${value}`, type: "checkbox", onchange: () => toggle(app, list, value as never) });
  input.checked = isShown;
  return el("label", { class: "tick" }, input, children);
}

function boxes(app: App, list: "relations" | "sources", values: readonly [string, number][]): HTMLElement[] {
  return values.slice(0, MOST).map(([iri, n]) => box(app, list, iri, el("span", {}, datum(app.name(iri), 80)), el("span", { class: "count" }, String(n))));
}

function kinds(app: App, graph: Graph, state: State): HTMLElement[] {
  const found = new Map(counts(graph.mapNodes((_, thing) => thing.kind)));
  for (const kind of state.hidden.kinds) if (!found.has(kind)) found.set(kind, 0);
  return [...found]
    .sort((one, other) => byLegend(one[0], other[0]))
    .map(([kind, n]) => box(app, "kinds", kind, sign(kind), el("span", { class: "name" }, datum(app.name(kind), 60)), el("span", { class: "count" }, String(n))));
}

function lines(app: App, graph: Graph, state: State): Child[] {
  const words = app.words();
  const found = new Map<string, number>(counts(graph.mapEdges((_, edge) => manner(edge))));
  const edges = graph.mapEdges((_, edge) => edge);
  const drawn: Child[] = (["stated", "inferred", "said"] as Manner[])
    .filter((how) => found.has(how) || state.hidden.manners.includes(how))
    .map((how) => {
      const tick = box(app, "manners", how, sample(how), el("span", {}, words.manners[how]), el("span", { class: "count" }, String(found.get(how) ?? 0)));
      tick.title = words.mannerHelp[how];
      return tick;
    });
  const only = (what: "several" | "disputed", text: string): HTMLElement => el("p", { class: "tick only" }, el("span"), sample(what), el("span", {}, text));
  return [
    ...drawn,
    edges.some((edge) => edge.asserted && !edge.single) && only("several", words.severalSources),
    edges.some((edge) => edge.disputed) && only("disputed", words.disputedLine),
  ];
}

/** A slider over the days between the first and the last date; at its end time does not matter. */
function time(app: App, graph: Graph, state: State): Child {
  const words = app.words();
  const range = span(graph);
  if (!range) return null;
  const from = Date.parse(range[0]) / DAY - 366;
  const to = Date.parse(range[1]) / DAY + 366;
  const end = to + 1;
  const dayOf = (value: number): string | null => (value >= end ? null : new Date(value * DAY).toISOString().slice(0, 10));
  const said = (day: string | null): string => (day ? dayInWords(day, words) : words.everyDay);
  const output = el("output", { for: "day" }, said(state.day));
  const slider = el("input", {
    id: "day", type: "range", min: Math.floor(from), max: Math.ceil(end), step: 1, "aria-valuetext": said(state.day),
    oninput: () => {
      const day = dayOf(Number(slider.value));
      output.textContent = said(day);
      slider.setAttribute("aria-valuetext", said(day));
      app.store.adjust({ day });
    },
  });
  slider.value = String(state.day ? Date.parse(state.day) / DAY : Math.ceil(end));
  return group(words.time, el("label", { for: "day", class: "unseen" }, words.time), slider, output);
}

function placeChoice(app: App, state: State, located: readonly Located[], graph: Graph): Child {
  const words = app.words();
  const useful = located.filter((one) => one.iri === state.place || graph.hasNode(one.iri) || one.things.some((thing) => graph.hasNode(thing)));
  if (!useful.length) return null;
  const named = useful.map((one) => [one.iri, called(one.labels, app.lang()) ?? app.name(one.iri)] as const).sort((one, other) => one[1].localeCompare(other[1], words.locale));
  const select = el("select", { id: "place", onchange: () => app.store.adjust({ place: select.value || null }) }, el("option", { value: "" }, words.everywhere), named.map(([iri, name]) => el("option", { value: iri }, name)));
  select.value = state.place ?? "";
  return group(words.placeFilter, el("label", { for: "place", class: "unseen" }, words.placeFilter), select);
}
