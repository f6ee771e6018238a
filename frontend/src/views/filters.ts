/** Legend and filters in one: what there is, what it looks like, and a tick to leave it out. */

import type { Interval, Located } from "../api";
import type { App } from "../app";
import { type Child, datum, el, swap } from "../dom";
import { counts, type Graph, manner, span, type Visible } from "../graph";
import { byLegend } from "../look";
import { called, dayInWords } from "../names";
import { type Manner, NOTHING_HIDDEN, type State } from "../state";
import { sample, sign } from "./components";

const DAY = 86_400_000;
const MOST = 30;
/** Days that may be typed: a year of four digits. */
const [EARLIEST, LATEST] = ["1000-01-01", "9999-12-31"];

/** Draw the filters for what is in the graph, with the numbers of what is shown of it; `dated` is what has dates there or elsewhere. */
export function showFilters(app: App, place: HTMLElement, located: readonly Located[], dated: readonly Interval[], shown: Visible): void {
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
        time(app, graph, dated),
        placeChoice(app, state, located, graph),
        folded("relations", words.relations, opened("relations"), boxes(app, "relations", counts(graph.mapEdges((_, edge) => edge.predicate)))),
        folded("sources", words.sourcesFilter, opened("sources"), boxes(app, "sources", counts(graph.mapEdges((_, edge) => sourcesOf(edge)).flat()))),
        el("button", { id: "reset-filters", onclick: () => app.store.adjust({ hidden: NOTHING_HIDDEN, day: null, place: null }) }, words.reset),
      ),
    ),
  );
  recount(app, place, shown);
}

/** Bring ticks, numbers and the day up to what is shown; nothing is drawn anew, so that a slider stays under the hand that moves it. */
export function recount(app: App, place: HTMLElement, shown: Visible): void {
  const state = app.state();
  const numbers = numbersOf(app.exploration.graph, shown);
  for (const tick of place.querySelectorAll<HTMLElement>("[data-list]")) {
    const [list, value] = [tick.dataset.list as List, tick.dataset.value ?? ""];
    tick.querySelector("input")!.checked = !(state.hidden[list] as readonly string[]).includes(value);
    tick.querySelector(".count")!.textContent = (numbers[list].get(value) ?? 0).toLocaleString(app.words().locale);
  }
  const slider = place.querySelector<HTMLInputElement>("#day");
  if (slider) showDay(app, slider, place.querySelector("#day-date")!, place.querySelector("output")!);
  const choice = place.querySelector<HTMLSelectElement>("#place");
  if (choice) choice.value = state.place ?? "";
  const reset = place.querySelector<HTMLElement>("#reset-filters");
  if (reset) reset.hidden = !isFiltered(state);
}

type List = keyof State["hidden"];

/** How much of what is shown each tick stands for. */
function numbersOf(graph: Graph, { nodes, edges }: Visible): Record<List, ReadonlyMap<string, number>> {
  const lines = [...edges].map((key) => graph.getEdgeAttributes(key));
  const counted = (values: Iterable<string>): ReadonlyMap<string, number> => new Map(counts(values));
  return {
    kinds: counted([...nodes].map((iri) => graph.getNodeAttribute(iri, "kind"))),
    manners: counted(lines.map(manner)),
    relations: counted(lines.map((edge) => edge.predicate)),
    sources: counted(lines.flatMap(sourcesOf)),
  };
}

const sourcesOf = ({ places }: { places: readonly { source: string }[] }): string[] => [...new Set(places.map(({ source }) => source))];

export function isFiltered({ hidden, day, place }: State): boolean {
  return day !== null || place !== null || Object.values(hidden).some((list) => list.length > 0);
}

function group(title: string, ...children: Child[]): HTMLElement {
  return el("fieldset", {}, el("legend", {}, title), children);
}

function folded(name: string, title: string, isOpen: boolean, children: HTMLElement[]): Child {
  return children.length > 0 && el("details", { "data-name": name, open: isOpen }, el("summary", { id: `fold-${name}` }, title), el("div", { role: "group", "aria-label": title }, children));
}

function toggle<K extends List>(app: App, list: K, value: State["hidden"][K][number]): void {
  const { hidden } = app.state();
  const values = hidden[list] as readonly string[];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  app.store.adjust({ hidden: { ...hidden, [list]: next } });
}

/** A tick with a number; `recount` sets both. */
function box(app: App, list: List, value: string, ...children: Child[]): HTMLElement {
  const input = el("input", { id: `${list} ${value}`, type: "checkbox", onchange: () => toggle(app, list, value as never) });
  return el("label", { class: "tick", "data-list": list, "data-value": value }, input, children, el("span", { class: "count" }));
}

function boxes(app: App, list: "relations" | "sources", values: readonly [string, number][]): HTMLElement[] {
  return values.slice(0, MOST).map(([iri]) => box(app, list, iri, el("span", {}, datum(app.name(iri), 80))));
}

function kinds(app: App, graph: Graph, state: State): Child[] {
  const found = new Set([...graph.mapNodes((_, thing) => thing.kind), ...state.hidden.kinds]);
  const isPartlyUnknown = graph.someNode((_, thing) => Boolean(thing.unknowns));
  return [
    ...[...found].sort(byLegend).map((kind) => box(app, "kinds", kind, sign(kind), el("span", { class: "name" }, datum(app.name(kind), 60)))),
    isPartlyUnknown && el("p", { class: "tick only badge" }, el("span"), el("span", { class: "badge-sample", "aria-hidden": "true" }, "?"), el("span", {}, app.words().partlyUnknown)),
  ];
}

function lines(app: App, graph: Graph, state: State): Child[] {
  const words = app.words();
  const found = new Set(graph.mapEdges((_, edge) => manner(edge)));
  const edges = graph.mapEdges((_, edge) => edge);
  const drawn: Child[] = (["stated", "inferred", "said"] as Manner[])
    .filter((how) => found.has(how) || state.hidden.manners.includes(how))
    .map((how) => {
      const tick = box(app, "manners", how, sample(how), el("span", {}, words.manners[how]));
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

/** A slider over the days between the first and the last date, at whose end time does not matter, and a field for one of them. */
function time(app: App, graph: Graph, dated: readonly Interval[]): Child {
  const words = app.words();
  const range = span(graph, dated);
  if (!range) return null;
  const from = Date.parse(range[0]) / DAY - 366;
  const to = Date.parse(range[1]) / DAY + 366;
  const end = to + 1;
  const dayOf = (value: number): string | null => (value >= end ? null : new Date(value * DAY).toISOString().slice(0, 10));
  const slider = el("input", {
    id: "day", type: "range", min: Math.floor(from), max: Math.ceil(end), step: 1,
    oninput: () => app.store.adjust({ day: dayOf(Number(slider.value)) }),
  });
  const field = el("input", {
    id: "day-date", type: "date", min: EARLIEST, max: LATEST, "aria-label": words.timeDate,
    // while a date is typed there are others on the way, which are none yet
    oninput: () => { if (field.validity.valid) app.store.adjust({ day: field.value || null }); },
  });
  return group(words.time, el("label", { for: "day", class: "unseen" }, words.time), slider, field, el("output", { for: "day day-date" }));
}

function showDay(app: App, slider: HTMLInputElement, field: HTMLInputElement, output: HTMLElement): void {
  const { day } = app.state();
  const said = day ? dayInWords(day, app.words()) : app.words().everyDay;
  slider.value = day ? String(Date.parse(day) / DAY) : slider.max;
  slider.setAttribute("aria-valuetext", said);
  if (document.activeElement !== field) field.value = day ?? "";
  output.textContent = said;
}

function placeChoice(app: App, state: State, located: readonly Located[], graph: Graph): Child {
  const words = app.words();
  const useful = located.filter((one) => one.iri === state.place || graph.hasNode(one.iri) || one.things.some((thing) => graph.hasNode(thing)));
  if (!useful.length) return null;
  const named = useful.map((one) => [one.iri, called(one.labels, app.lang()) ?? app.name(one.iri)] as const).sort((one, other) => one[1].localeCompare(other[1], words.locale));
  const select = el("select", { id: "place", onchange: () => app.store.adjust({ place: select.value || null }) }, el("option", { value: "" }, words.everywhere), named.map(([iri, name]) => el("option", { value: iri }, name)));
  return group(words.placeFilter, el("label", { for: "place", class: "unseen" }, words.placeFilter), select);
}
