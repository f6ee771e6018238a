/** What the network adds to the facets: kinds of lines, the day, and what an earlier address hides. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Interval } from "../api";
import type { App } from "../app";
import { dayInWords } from "../dictionary";
import { datum } from "../dom";
import type { Own } from "../facets/panel";
import { counts, type Graph, manner, span, type Visible } from "../graph";
import { isDay, MANNERS, type Manner, NOTHING_HIDDEN, type State } from "../state";
import { sample, unknownSample } from "../views/components";

const DAY = 86_400_000;
/** Days that may be typed: years of four digits. */
const [EARLIEST, LATEST] = ["1000-01-01", "9999-12-31"];

type List = keyof State["hidden"];
type Part = TemplateResult | typeof nothing;

export type Legend = ReturnType<typeof legendOf>;

/** Entries for the whole graph, shown or not; `dated` has dates besides those of the graph. */
export function legendOf(graph: Graph, state: State, dated: readonly Interval[]) {
  const edges = graph.mapEdges((_, edge) => edge);
  const manners = new Set([...edges.map(manner), ...state.hidden.manners]);
  return {
    manners: MANNERS.filter((how) => manners.has(how)),
    isPartlyUnknown: graph.someNode((_, thing) => Boolean(thing.unknowns)),
    several: edges.some((edge) => edge.asserted && !edge.single) ? sample("several") : null,
    disputed: edges.some((edge) => edge.disputed) ? sample("disputed") : null,
    samples: new Map(MANNERS.map((how) => [how, sample(how)])),
    /** First and last day. */
    range: span(graph, dated),
  };
}

/** The part of the panel that belongs to the network; `shown` gives the legend and what is visible. */
export function ownOf(app: App, shown: () => { legend: Legend | null; visible: Visible }): Own {
  return {
    show: () => {
      const { legend, visible } = shown();
      return legend ? part(app, legend, visible) : nothing;
    },
    isSet: () => app.state().day !== null || Object.values(app.state().hidden).some((list) => list.length > 0),
    reset: () => app.store.adjust({ hidden: NOTHING_HIDDEN, day: null }),
  };
}

function part(app: App, legend: Legend, visible: Visible): TemplateResult {
  const words = app.words();
  const edges = [...visible.edges].map((key) => app.exploration.graph.getEdgeAttributes(key));
  const numbers = new Map(counts(edges.map(manner)));
  const ticks = legend.manners.map((how) => tick(app, how, legend.samples.get(how)!, numbers.get(how) ?? 0));
  return html`${time(app, legend)}
    ${group(words.lines, [ticks, only(legend.several, words.severalSources), only(legend.disputed, words.disputedLine),
      legend.isPartlyUnknown ? partlyUnknown(app) : nothing])}
    ${hidden(app)}`;
}

const group = (title: string, content: unknown): TemplateResult =>
  html`<fieldset><legend>${title}</legend>${content}</fieldset>`;

function tick(app: App, how: Manner, mark: Element, count: number): TemplateResult {
  const { locale, manners, mannerHelp } = app.words();
  const isOn = !app.state().hidden.manners.includes(how);
  return html`<label class="tick" data-list="manners" data-value=${how} title=${mannerHelp[how]}
    ><input id=${`manners ${how}`} type="checkbox" .checked=${isOn} @change=${() => toggle(app, "manners", how)}
    >${mark}<span>${manners[how]}</span><span class="count">${count.toLocaleString(locale)}</span></label>`;
}

function toggle(app: App, list: List, value: string): void {
  const { hidden: now } = app.state();
  const values = now[list] as readonly string[];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  app.store.adjust({ hidden: { ...now, [list]: next } });
}

/** Kinds, relations and sources that an earlier address hides, each with a button that shows it again. */
function hidden(app: App): Part {
  const { fill, facets: words } = app.words();
  const lists = (["kinds", "relations", "sources"] as const)
    .flatMap((list) => app.state().hidden[list].map((value) => [list, value] as const));
  return lists.length === 0 ? nothing : group(words.hidden, html`<ul class="chips">${lists.map(([list, value]) =>
    html`<li><button class="chip-button" data-list=${list} data-value=${value}
      aria-label=${fill(words.remove, { name: app.name(value) })} @click=${() => toggle(app, list, value)}
      >${datum(app.name(value), 40)} <span aria-hidden="true">×</span></button></li>`)}</ul>`);
}

const partlyUnknown = (app: App): TemplateResult => html`<p class="tick only badge"
  ><span></span>${unknownSample()}<span>${app.words().partlyUnknown}</span></p>`;

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
  // a day that is being typed is none at first
  const type = ({ target }: Event): void => {
    const { value } = target as HTMLInputElement;
    if (!value || isDay(value)) app.store.adjust({ day: value || null });
  };
  const pick = ({ currentTarget }: Event): void => {
    const calendar = (currentTarget as HTMLElement).nextElementSibling as HTMLInputElement;
    calendar.value = app.state().day ?? "";
    calendar.showPicker();
  };
  return group(words.time, html`<label for="day" class="unseen">${words.time}</label>
    <input id="day" type="range" min=${from} max=${end} step="1" @input=${slide}>
    <span class="day"><input id="day-date" class="facet-search" type="text" inputmode="numeric" maxlength="10"
      autocomplete="off"
      placeholder=${words.dayFormat} aria-label=${`${words.timeDate} (${words.dayFormat})`} @input=${type}
    ><button id="pick-day" class="icon small" title=${words.pickDay} aria-label=${words.pickDay} @click=${pick}
      >▾</button><input class="unseen" type="date" tabindex="-1" aria-hidden="true" min=${EARLIEST} max=${LATEST}
      @input=${type}></span>
    <output for="day day-date">${dayText(app)}</output>`);
}

function dayText(app: App): string {
  const { day } = app.state();
  return day ? dayInWords(day, app.words()) : app.words().everyDay;
}

/** Sets slider and field, but not the field while it has the focus; called once the panel is drawn. */
export function showDay(app: App, place: HTMLElement): void {
  const [slider, field] = ["#day", "#day-date"].map((id) => place.querySelector<HTMLInputElement>(id));
  if (!slider || !field) return;
  const { day } = app.state();
  slider.value = day ? String(Date.parse(day) / DAY) : slider.max;
  slider.setAttribute("aria-valuetext", dayText(app));
  if (document.activeElement !== field) field.value = day ?? "";
}
