/** The facet of years: a column for each year with its count, and two fields for the first and the last. */

import { html, nothing, svg } from "lit-html";
import type { FacetValues } from "../api";
import type { App } from "../app";
import { span } from "../selection";

const HEIGHT = 40;
const DIGITS = /^\d{4}$/;

export function years(app: App, known: FacetValues | undefined): unknown {
  const { selection, lang } = app.state();
  if (!known?.values.length && !selection.year.length) return nothing;
  const { fill, facets: words } = app.words();
  const counted = new Map((known?.values ?? []).map(({ value, count }) => [Number(value), count]));
  const range = span(selection);
  const all = [...counted.keys(), ...(range ?? [])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const choose = (first: number, last: number): void => {
    const year = first === last ? String(first) : `${Math.min(first, last)}/${Math.max(first, last)}`;
    app.store.step({ selection: { ...app.state().selection, year: [year] } });
  };
  /** Takes the two years when both are left or Enter is pressed, not between the two. */
  const take = ({ currentTarget: group }: Event): void => {
    const [from = "", to = ""] = [...(group as Element).querySelectorAll("input")].map(({ value }) => value);
    if (from === String(range?.[0] ?? "") && to === String(range?.[1] ?? "")) return;
    if (from === "" && to === "") app.store.step({ selection: { ...app.state().selection, year: [] } });
    else if (DIGITS.test(from || to) && DIGITS.test(to || from)) choose(Number(from || least), Number(to || most));
  };
  const leave = (event: FocusEvent): void => {
    if (!(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) take(event);
  };
  const press = (event: KeyboardEvent): void => { if (event.key === "Enter") take(event); };
  const field = (id: string, label: string, value: number | undefined): unknown =>
    html`<label>${label} <input id=${id} type="number" min="1000" max="9999" step="1" placeholder=${id === "year-from"
      ? least : most} .value=${value === undefined ? "" : String(value)}></label>`;
  const highest = Math.max(1, ...counted.values());
  const width = Math.max(1, most - least + 1);
  const isIn = (year: number): boolean => !range || (year >= range[0] && year <= range[1]);
  const bars = [...counted].map(([year, count]) => {
    const height = Math.max(2, (count / highest) * HEIGHT);
    const title = fill(words.inYear, { year: String(year), n: count });
    return svg`<g class=${isIn(year) ? "year" : "year out"} @click=${() => choose(year, year)}><title>${title}</title>
      <rect class="reach" x=${year - least} width="1" y="0" height=${HEIGHT}></rect>
      <rect x=${year - least + 0.1} width=".8" y=${HEIGHT - height} height=${height}></rect></g>`;
  });
  return html`<fieldset data-facet="year" class="years-facet"><legend>${words.names.year}</legend>
    <svg class="histogram" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <div class="ends soft" aria-hidden="true" lang=${lang}><span>${least}</span><span>${most}</span></div>
    <div class="range" @focusout=${leave} @keydown=${press}>${
      field("year-from", words.from, range?.[0])}${field("year-to", words.to, range?.[1])}</div>
  </fieldset>`;
}
