/** The panel of facets beside network, table, map and timeline: values with counts, and what is chosen. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import { BASE, type FacetCounts, type FacetValues } from "../api";
import type { App } from "../app";
import { type Debounce, debounce } from "../debounce";
import { datum, NARROW } from "../dom";
import { byLegend } from "../look";
import {
  chosen, chosenName, chosenNames, EVERYTHING, type Facet, isEverything, isSame, type Selection, toggled,
} from "../selection";
import { sign } from "../views/components";
import { years } from "./years";
import "../styles/facets.css";

export type FacetPanel = ReturnType<typeof facetPanel>;

/** Facets that stand open; the others unfold, and stay open where something is chosen in them. */
const OPEN: ReadonlySet<Facet> = new Set<Facet>(["kind", "place", "form"]);
const LISTED = ["kind", "place", "form", "function", "status", "source", "relation"] as const;
/** The values of a facet that are shown before the others are unfolded, and the number from which one may search. */
const FIRST = 8;
const SEARCHED = 12;
/** The kinds that stand open, in the order of the legend; broader and rarer ones unfold. */
const KINDS: ReadonlySet<string> = new Set([
  ...["Cluster", "Agreement", "SigningEvent", "Award", "Event", "SocialEconomyEntity", "SupportInstitution"]
    .map((name) => `${BASE}ns#${name}`),
  "http://www.w3.org/ns/org#Organization", "http://data.europa.eu/m8g/PublicOrganisation",
  "http://xmlns.com/foaf/0.1/Person", "http://www.w3.org/ns/org#Membership", "http://purl.org/dc/terms/Location",
]);
/** Milliseconds of a pause in typing. */
const PAUSE = 150;

/** What a view adds to the panel: its own filters, whether they are set, and how they are reset. */
export interface Own {
  show(): unknown;
  isSet(): boolean;
  reset(): void;
}

const NO_OWN: Own = { show: () => nothing, isSet: () => false, reset: () => undefined };

/** Fills an element with the facets; `show` draws them anew, and asks for counts where the selection has changed. */
export function facetPanel(app: App, element: HTMLElement, own: Own = NO_OWN) {
  const panel: Panel =
    { app, element, own, typing: debounce(PAUSE), counts: null, asked: null, found: {}, opened: new Set() };
  element.classList.add("facets");
  return { show: () => show(panel) };
}

interface Panel {
  readonly app: App;
  readonly element: HTMLElement;
  readonly own: Own;
  readonly typing: Debounce;
  counts: FacetCounts | null;
  /** The selection that counts were last asked for. */
  asked: Selection | null;
  /** Values found by a text, by facet. */
  found: Partial<Record<Facet, FacetValues>>;
  /** What the reader has unfolded. */
  readonly opened: Set<string>;
}

function show(panel: Panel): void {
  const { selection } = panel.app.state();
  if (!panel.asked || !isSame(panel.asked, selection)) ask(panel, selection);
  draw(panel);
}

function ask(panel: Panel, selection: Selection): void {
  const { app } = panel;
  panel.asked = selection;
  panel.found = {};
  app.source.facets(selection).then((counts) => {
    if (panel.asked !== selection) return;
    app.dictionary.learn(counts.names);
    panel.counts = counts;
    draw(panel);
  }).catch(() => { panel.asked = null; });
}

function draw(panel: Panel): void {
  const { app, element, own } = panel;
  const words = app.words();
  const { selection } = app.state();
  element.setAttribute("aria-label", words.filters);
  const details = element.querySelector<HTMLDetailsElement>("details.all");
  const isOpen = details?.open ?? !matchMedia(NARROW).matches;
  const isSet = !isEverything(selection) || own.isSet();
  const reset = (): void => {
    app.store.adjust({ selection: EVERYTHING });
    own.reset();
  };
  render(html`<details class="all" ?open=${isOpen}>
    <summary id="filters-summary">${words.filters}${summary(app, selection)}</summary>
    <div class="inner">
      ${chips(app, selection)}
      <button id="reset-filters" class="small" ?hidden=${!isSet} @click=${reset}>${words.reset}</button>
      ${facetGroup(panel, "kind")} ${own.show()}
      ${LISTED.slice(1).map((facet) => facetGroup(panel, facet))}
      ${years(app, panel.counts?.facets.year)}
    </div>
  </details>`, element);
}

/** The names of what is chosen, beside the folded line of a narrow page. */
function summary(app: App, selection: Selection): unknown {
  const names = chosenNames(selection, app.name);
  return names.length ? html`<span class="chosen-names soft">: ${names.join(", ")}</span>` : nothing;
}

/** What is chosen, each with a button that takes it away. */
function chips(app: App, selection: Selection): unknown {
  const { fill, facets: words } = app.words();
  const all = chosen(selection);
  if (!all.length) return nothing;
  return html`<ul class="chips" aria-label=${words.chosen}>${all.map(([facet, value]) => {
    const name = chosenName(facet, value, app.name);
    const remove = (): void => app.store.step({ selection: toggled(app.state().selection, facet, value) });
    return html`<li><button class="chip-button" data-facet=${facet} data-value=${value}
      aria-label=${fill(words.remove, { name })} @click=${remove}>${datum(name, 40)} <span aria-hidden="true">×</span>
      </button></li>`;
  })}</ul>`;
}

function facetGroup(panel: Panel, facet: Facet): unknown {
  const { app } = panel;
  const values = panel.found[facet] ?? panel.counts?.facets[facet];
  const { selection } = app.state();
  const isAny = Boolean(values?.values.length) || selection[facet].length > 0 || panel.found[facet];
  if (!values || !isAny) return nothing;
  const words = app.words().facets;
  const title = words.names[facet as keyof typeof words.names];
  const content = html`${search(panel, facet, values)}${listed(panel, facet, values)}`;
  if (OPEN.has(facet)) return html`<fieldset data-facet=${facet}><legend>${title}</legend>${content}</fieldset>`;
  const count = selection[facet].length ? html` <span class="count">(${selection[facet].length})</span>` : nothing;
  return html`<details data-facet=${facet} ?open=${selection[facet].length > 0 || panel.opened.has(facet)}
    @toggle=${(event: Event) => keepOpen(panel, facet, event)}
    ><summary id=${`facet-${facet}`}>${title}${count}</summary><div role="group" aria-label=${title}>${content}</div>
  </details>`;
}

function keepOpen(panel: Panel, name: string, { target }: Event): void {
  if ((target as HTMLDetailsElement).open) panel.opened.add(name);
  else panel.opened.delete(name);
}

/** A field that finds values by their names, where there are many. */
function search(panel: Panel, facet: Facet, { values, left }: FacetValues): unknown {
  const { app, typing } = panel;
  if (facet === "kind" || (!panel.found[facet] && values.length + left <= SEARCHED)) return nothing;
  const { facets: words } = app.words();
  const label = app.words().fill(words.find, { facet: words.names[facet as keyof typeof words.names] });
  const find = async (text: string): Promise<void> => {
    const { selection } = app.state();
    const found = text ? await app.source.facets(selection, { facet, text }) : null;
    if (found) app.dictionary.learn(found.names);
    if (found) panel.found[facet] = found.facets[facet]!;
    else delete panel.found[facet];
    draw(panel);
  };
  const type = ({ target }: Event): void =>
    typing.soon(() => void find((target as HTMLInputElement).value.trim()).catch(() => undefined));
  return html`<input id=${`find-${facet}`} class="facet-search" type="search" autocomplete="off" spellcheck="false"
    placeholder=${label} aria-label=${label} @input=${type}>`;
}

function listed(panel: Panel, facet: Facet, { values, left }: FacetValues): unknown {
  const { app } = panel;
  const { fill, facets: words } = app.words();
  const [first, others] = facet === "kind" ? byMark(app, values) : [values, []];
  const isMany = facet !== "kind" && first.length > FIRST && !panel.found[facet];
  const chosenHere = new Set(app.state().selection[facet]);
  const near = isMany ? first.filter(({ value }, index) => index < FIRST || chosenHere.has(value)) : first;
  const far = isMany ? first.filter((one) => !near.includes(one)) : others;
  const name = `more ${facet}`;
  return html`${near.map((one) => tick(app, facet, one))}
    ${far.length ? html`<details class="more-values" ?open=${panel.opened.has(name)}
      @toggle=${(event: Event) => keepOpen(panel, name, event)}><summary id=${`more-${facet}`}>${
        fill(words.more, { n: far.length })}</summary>${far.map((one) => tick(app, facet, one))}</details>` : nothing}
    ${facet === "kind" ? html`<p class="soft overlap">${words.overlap}</p>` : nothing}
    ${left ? html`<p class="soft">${fill(words.left, { n: left })}</p>` : nothing}
    ${!values.length ? html`<p class="soft">${words.none}</p>` : nothing}`;
}

type Values = FacetValues["values"];

/** The kinds that stand open and those that unfold, each in the order of the legend. */
function byMark(app: App, values: Values): [Values, Values] {
  const picked = new Set(app.state().selection.kind);
  const isFirst = ({ value }: Values[number]): boolean => KINDS.has(value) || picked.has(value);
  const inOrder = [...values].sort((one, other) => byLegend(one.value, other.value));
  return [inOrder.filter(isFirst), inOrder.filter((one) => !isFirst(one))];
}

function tick(app: App, facet: Facet, { value, count }: Values[number]): TemplateResult {
  const { selection } = app.state();
  const choose = (): void => app.store.step({ selection: toggled(app.state().selection, facet, value) });
  return html`<label class="tick" data-list=${facet} data-value=${value}
    ><input id=${`${facet} ${value}`} type="checkbox" .checked=${selection[facet].includes(value)} @change=${choose}
    >${facet === "kind" ? sign(value) : nothing}<span class=${facet === "kind" ? "name" : "value"}>${
      datum(app.name(value), 80)}</span><span class="count">${count.toLocaleString(app.words().locale)}</span></label>`;
}
