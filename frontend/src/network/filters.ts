/** Legend and filters in one: each entry with its mark, its count and a checkbox. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { Interval, Located } from "../api";
import type { App } from "../app";
import { called, dayInWords } from "../dictionary";
import { datum } from "../dom";
import { counts, type Graph, type Line, manner, type Node, span, type Visible } from "../graph";
import { byLegend } from "../look";
import { MANNERS, type Manner, NOTHING_HIDDEN, type State } from "../state";
import { sample, sign } from "../views/components";

const DAY = 86_400_000;
const MOST = 30;
/** Days that may be typed: years of four digits. */
const [EARLIEST, LATEST] = ["1000-01-01", "9999-12-31"];

type List = keyof State["hidden"];
type Part = TemplateResult | typeof nothing;
interface Tick {
  readonly value: string;
  readonly mark: Element | typeof nothing;
}

export type Legend = ReturnType<typeof legendOf>;

/** Entries for the whole graph, shown or not; `dated` has dates besides those of the graph. */
export function legendOf(graph: Graph, state: State, located: readonly Located[], dated: readonly Interval[]) {
  const edges = graph.mapEdges((_, edge) => edge);
  const all = valuesOf(graph.mapNodes((_, thing) => thing), edges);
  const kinds = new Set([...all.kinds, ...state.hidden.kinds]);
  const manners = new Set([...all.manners, ...state.hidden.manners]);
  const isUseful = ({ iri, things }: Located): boolean =>
    iri === state.place || graph.hasNode(iri) || things.some((thing) => graph.hasNode(thing));
  const most = (values: Iterable<string>): Tick[] =>
    counts(values).slice(0, MOST).map(([value]) => ({ value, mark: nothing }));
  return {
    kinds: [...kinds].sort(byLegend).map((value): Tick => ({ value, mark: sign(value) })),
    manners: MANNERS.filter((how) => manners.has(how)).map((value): Tick => ({ value, mark: sample(value) })),
    relations: most(all.relations),
    sources: most(all.sources),
    isPartlyUnknown: graph.someNode((_, thing) => Boolean(thing.unknowns)),
    several: edges.some((edge) => edge.asserted && !edge.single) ? sample("several") : null,
    disputed: edges.some((edge) => edge.disputed) ? sample("disputed") : null,
    /** First and last day. */
    range: span(graph, dated),
    places: located.filter(isUseful),
  };
}

/** Draws ticks, numbers and the day. Nodes are kept, so that the slider can go on being dragged. */
export function showFilters(app: App, place: HTMLElement, legend: Legend, visible: Visible): void {
  const words = app.words();
  const { graph } = app.exploration;
  const shown = valuesOf([...visible.nodes].map((iri) => graph.getNodeAttributes(iri)),
    [...visible.edges].map((key) => graph.getEdgeAttributes(key)));
  const ticks = (list: List, text: (value: string) => string | Element): TemplateResult[] => {
    const numbers = new Map(counts(shown[list]));
    return legend[list].map((one) => tick(app, list, one, text(one.value), numbers.get(one.value) ?? 0));
  };
  const name = (longest: number) => (iri: string) => datum(app.name(iri), longest);
  const isOpen = place.querySelector("details")?.open ?? !matchMedia("(max-width: 52rem)").matches;
  const isReset = isFiltered(app.state());
  const reset = (): void => app.store.adjust({ hidden: NOTHING_HIDDEN, day: null, place: null });
  render(
    html`<details class="all" ?open=${isOpen}>
      <summary id="filters-summary">${words.filters}</summary>
      <div class="inner">
        ${group(words.kinds, [ticks("kinds", name(60)), legend.isPartlyUnknown ? partlyUnknown(app) : nothing])}
        ${group(words.lines, [
          ticks("manners", (how) => words.manners[how as Manner]),
          only(legend.several, words.severalSources), only(legend.disputed, words.disputedLine),
        ])}
        ${time(app, legend)} ${placeChoice(app, legend)}
        ${folded("relations", words.relations, ticks("relations", name(80)))}
        ${folded("sources", words.sourcesFilter, ticks("sources", name(80)))}
        <button id="reset-filters" ?hidden=${!isReset} @click=${reset}>${words.reset}</button>
      </div>
    </details>`,
    place,
  );
  showDay(app, place);
}

/** The values that each list of ticks is made of; a fact has each of its sources once. */
const valuesOf = (things: readonly Node[], facts: readonly Line[]): Record<List, string[]> => ({
  kinds: things.map(({ kind }) => kind),
  manners: facts.map(manner),
  relations: facts.map(({ predicate }) => predicate),
  sources: facts.flatMap(({ places }) => [...new Set(places.map(({ source }) => source))]),
});

const isFiltered = ({ hidden, day, place }: State): boolean =>
  day !== null || place !== null || Object.values(hidden).some((list) => list.length > 0);

const group = (title: string, content: unknown): TemplateResult =>
  html`<fieldset><legend>${title}</legend>${content}</fieldset>`;

const folded = (name: string, title: string, ticks: readonly TemplateResult[]): Part =>
  ticks.length === 0 ? nothing : html`<details data-name=${name}>
    <summary id=${`fold-${name}`}>${title}</summary><div role="group" aria-label=${title}>${ticks}</div>
  </details>`;

function tick(app: App, list: List, { value, mark }: Tick, text: string | Element, count: number): TemplateResult {
  const { locale, mannerHelp } = app.words();
  const isOn = !(app.state().hidden[list] as readonly string[]).includes(value);
  const title = list === "manners" ? mannerHelp[value as Manner] : nothing;
  return html`<label class="tick" data-list=${list} data-value=${value} title=${title}
    ><input id=${`${list} ${value}`} type="checkbox" .checked=${isOn} @change=${() => toggle(app, list, value)}
    >${mark}<span class=${list === "kinds" ? "name" : nothing}>${text}</span
    ><span class="count">${count.toLocaleString(locale)}</span></label>`;
}

function toggle(app: App, list: List, value: string): void {
  const { hidden } = app.state();
  const values = hidden[list] as readonly string[];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  app.store.adjust({ hidden: { ...hidden, [list]: next } });
}

const partlyUnknown = (app: App): TemplateResult => html`<p class="tick only badge"
  ><span></span><span class="badge-sample" aria-hidden="true">?</span><span>${app.words().partlyUnknown}</span></p>`;

const only = (mark: Element | null, text: string): Part =>
  mark ? html`<p class="tick only"><span></span>${mark}<span>${text}</span></p>` : nothing;

/** A slider from the first to the last date, whose end means any time, and a field for a day. */
function time(app: App, { range }: Legend): Part {
  if (!range) return nothing;
  const words = app.words();
  const from = Math.floor(Date.parse(range[0]) / DAY - 366);
  const end = Math.ceil(Date.parse(range[1]) / DAY + 367);
  const dayOf = (value: number): string | null =>
    (value >= end ? null : new Date(value * DAY).toISOString().slice(0, 10));
  const slide = ({ target }: Event): void =>
    app.store.adjust({ day: dayOf(Number((target as HTMLInputElement).value)) });
  // a date that is being typed is invalid at first
  const type = ({ target }: Event): void => {
    const { validity, value } = target as HTMLInputElement;
    if (validity.valid) app.store.adjust({ day: value || null });
  };
  return group(words.time, html`<label for="day" class="unseen">${words.time}</label>
    <input id="day" type="range" min=${from} max=${end} step="1" @input=${slide}>
    <input id="day-date" type="date" min=${EARLIEST} max=${LATEST} aria-label=${words.timeDate} @input=${type}>
    <output for="day day-date">${dayText(app)}</output>`);
}

function dayText(app: App): string {
  const { day } = app.state();
  return day ? dayInWords(day, app.words()) : app.words().everyDay;
}

/** Sets slider and field, but not the field while it has the focus. */
function showDay(app: App, place: HTMLElement): void {
  const [slider, field] = ["#day", "#day-date"].map((id) => place.querySelector<HTMLInputElement>(id));
  if (!slider || !field) return;
  const { day } = app.state();
  slider.value = day ? String(Date.parse(day) / DAY) : slider.max;
  slider.setAttribute("aria-valuetext", dayText(app));
  if (document.activeElement !== field) field.value = day ?? "";
}

function placeChoice(app: App, { places }: Legend): Part {
  if (!places.length) return nothing;
  const words = app.words();
  const chosen = app.state().place ?? "";
  const named = places.map(({ iri, labels }) => ({ iri, name: called(labels, app.lang()) ?? app.name(iri) }))
    .sort((one, other) => one.name.localeCompare(other.name, words.locale));
  const choose = ({ target }: Event): void => app.store.adjust({ place: (target as HTMLSelectElement).value || null });
  const option = (iri: string, name: string): TemplateResult =>
    html`<option value=${iri} .selected=${iri === chosen}>${name}</option>`;
  return group(words.placeFilter, html`<label for="place" class="unseen">${words.placeFilter}</label>
    <select id="place" @change=${choose}
      >${option("", words.everywhere)}${named.map(({ iri, name }) => option(iri, name))}</select>`);
}
