/** The map beside a list of its places and of the things in them. */

import type { Located, Named } from "../api";
import type { App } from "../app";
import { afterPaint, type Child, el, swap, unseen } from "../dom";
import { toggled } from "../selection";
import type { State } from "../state";
import { iconButton, sign, thingLink } from "../views/components";
import { portions } from "../views/grid";
import { levelOf, levels, sorted } from "./places";
import { type Scene, type SvgMap, svgMap } from "./svg-map";

export type MapWithList = ReturnType<typeof mapWithList>;

/** The things in a place and in the places inside it, by their IRIs; all but the first ones may be left out. */
export type Contents = (place: Located) => Promise<readonly string[]>;

/** What is on the map: places, their things, and a note above the list. */
interface Shown {
  readonly places: readonly Located[];
  readonly contents: Contents;
  readonly note?: string;
  /** The number of organisations and clusters without a place, and the first of them. */
  readonly unplaced?: number;
  readonly without?: readonly Named[];
}

const PORTION = 200;
/** The places of a section that are listed at first. */
const FIRST = 40;
/** Milliseconds in which the panel opens and takes its room. */
const PANEL = 80;

export function mapWithList(app: App, first: Shown, canChoose = false) {
  let shown = first;
  const map = svgMap(sceneOf(app, shown.places), app.open);
  const zoom = el("div", { class: "zoom", role: "group" });
  const scale = el("div", { class: "map-scale" });
  const credit = el("p", { class: "map-credit" });
  const list = el("div", { class: "map-list", id: "map-list", tabindex: "-1" });
  const relabel = (): void => {
    showTools(app, map, zoom);
    swap(scale, scaleOf(app, shown.places));
    swap(credit, app.words().map.credit);
  };
  const relist = (): void => {
    showList(app, list, shown, canChoose);
    mark(list, app.state().thing);
  };
  relabel();
  afterPaint(relist);
  return {
    element: el("div", { class: "map-inside" },
      el("div", { class: "map-stage" }, map.element, zoom, scale, credit), list),
    /** Shows other places, and moves the map over them. */
    replace(next: Shown): void {
      shown = next;
      map.show(sceneOf(app, shown.places));
      map.fit("data");
      relabel();
      relist();
    },
    update(state: State, before: State): void {
      const { thing, lang } = state;
      map.show(sceneOf(app, shown.places));
      if (lang !== before.lang) {
        relabel();
        relist();
      } else if (thing !== before.thing) mark(list, thing);
      if (thing && thing !== before.thing) setTimeout(() => map.reveal(thing), PANEL);
    },
    leave: map.leave,
  };
}

function sceneOf(app: App, shown: readonly Located[]): Scene {
  const { fill, things, facets } = app.words();
  const { points, areas } = sorted(shown);
  const from = levels([...areas.values()].map(({ inside }) => inside));
  const named = (iri: string, n: number) => {
    const name = app.name(iri);
    return { iri, name, spoken: `${name}, ${fill(things, { n })}` };
  };
  return {
    spots: points.filter(({ own, inside }) => own > 0 || inside === 0)
      .map(({ iri, lat, lon, own }) => ({ ...named(iri, own), lat, lon, things: own })),
    areas: new Map([...areas].map(([region, { iri, inside }]) =>
      [region, { ...named(iri, inside), things: inside, level: levelOf(inside, from) }])),
    chosen: app.state().thing,
    spokenCluster: (n, all) => fill(facets.cluster, { n, things: fill(things, { n: all }) }),
  };
}

/** The colours of the areas with the numbers that they stand for. */
function scaleOf(app: App, places: readonly Located[]): Child {
  const counts = [...sorted(places).areas.values()].map(({ inside }) => inside);
  const from = levels(counts);
  if (counts.length < 2 || from.length < 2) return null;
  const { facets, locale } = app.words();
  const text = (least: number, index: number): string => {
    const most = (from[index + 1] ?? Math.max(...counts) + 1) - 1;
    const [first, last] = [least.toLocaleString(locale), most.toLocaleString(locale)];
    return most > least ? `${first}–${last}` : first;
  };
  return [el("strong", {}, facets.scale), from.map((least, index) =>
    el("span", {}, el("i", { class: `level-${index + 1}` }), text(least, index)))];
}

function showTools(app: App, map: SvgMap, place: HTMLElement): void {
  const words = app.words();
  map.element.setAttribute("aria-label", words.map.keys);
  place.setAttribute("aria-label", words.views.map ?? "");
  swap(place,
    iconButton("map-closer", words.closer, "+", () => map.zoom(1.5)),
    iconButton("map-farther", words.farther, "−", () => map.zoom(1 / 1.5)),
    iconButton("map-fit", words.map.whole, "⤢", () => map.fit("all")),
    el("button", { id: "map-points", onclick: () => map.fit("data") }, words.map.toPoints),
  );
}

function showList(app: App, list: HTMLElement, shown: Shown, canChoose: boolean): void {
  const { fill, locale, map: words } = app.words();
  const { points, areas, others } = sorted(shown.places);
  const collator = new Intl.Collator(locale);
  const byName = (places: Iterable<Located>): Located[] =>
    [...places].sort((one, other) => collator.compare(app.name(one.iri), app.name(other.iri)));
  const section = (title: string, lead: string | null, places: readonly Located[]): HTMLElement | false => {
    if (!places.length) return false;
    const rows = el("ul", { class: "places" });
    const chosen = places.findIndex(({ iri }) => iri === app.state().thing);
    const first = Math.max(FIRST, chosen + 1);
    const more = portions(app, rows, places, (place) => entry(app, place, shown, canChoose), first);
    return el("section", {}, el("h3", {}, title), lead && el("p", { class: "soft" }, lead), rows, more);
  };
  const summary = fill(words.summary, { points: points.length, n: shown.places.length });
  swap(list,
    el("h2", {}, words.places),
    el("p", { class: "soft", role: "status" }, [summary, shown.note].filter(Boolean).join(" · ")),
    section(words.areas, words.areasLead, byName(areas.values())),
    section(words.withPoint, null, points),
    section(words.withoutPoint, words.withoutLead, byName(others)),
    unplaced(app, shown),
  );
}

/** The organisations and clusters that no map can show: the first of them, and how many more there are. */
function unplaced(app: App, { unplaced: n = 0, without = [] }: Shown): Child {
  const { fill, map: words } = app.words();
  const left = n - without.length;
  return n > 0 && el("section", { id: "unplaced" },
    el("h3", {}, fill(words.unplaced, { n })), el("p", { class: "soft" }, words.unplacedLead),
    el("ul", { class: "undated" }, without.map(({ iri, kind }) => el("li", { "data-thing": iri },
      el("span", { class: "marked", title: app.name(kind) }, sign(kind), unseen(app.name(kind)), thingLink(app, iri)))),
      left > 0 && el("li", { class: "soft" }, fill(words.others, { n: left }))));
}

function entry(app: App, place: Located, shown: Shown, canChoose: boolean): HTMLElement {
  const { fill, map: words, facets } = app.words();
  const outer = place.within.map(app.name).join(", ");
  const isChosen = app.state().thing === place.iri;
  const kind = app.name(place.kind);
  const { selection } = app.state();
  const choose = (): void =>
    app.store.step({ selection: toggled({ ...selection, place: [] }, "place", place.iri) });
  return el("li", { class: isChosen ? "chosen" : null, "data-place": place.iri },
    el("div", { class: "place" },
      el("span", { title: kind }, sign(place.kind), unseen(kind)), thingLink(app, place.iri),
      outer && el("span", { class: "soft" }, fill(words.within, { name: outer })),
      canChoose && place.inside > 0 && !selection.place.includes(place.iri)
        && el("button", { class: "plain choose", onclick: choose }, facets.onlyHere)),
    place.inside > 0 && contents(app, place, shown.contents, isChosen),
  );
}

/** The things in a place and in the places within it, asked for when the list unfolds. */
function contents(app: App, place: Located, asked: Contents, isOpen: boolean): HTMLElement {
  const { fill, map: words, things: counted } = app.words();
  const { own, inside } = place;
  const all = fill(counted, { n: inside });
  const title = inside <= own ? all : own ? fill(words.inside, { things: fill(counted, { n: own }), all: inside })
    : fill(words.onlyInside, { things: all });
  const list = el("ul");
  let isAsked = false;
  const unfold = async (): Promise<void> => {
    if (isAsked || !details.open) return;
    isAsked = true;
    const things = await asked(place).catch(() => { isAsked = false; return []; });
    const left = inside - Math.min(things.length, PORTION);
    swap(list, things.slice(0, PORTION).map((iri) => el("li", {}, thingLink(app, iri))),
      left > 0 && el("li", { class: "soft" }, fill(words.others, { n: left })));
  };
  const details = el("details", { ontoggle: () => void unfold() }, el("summary", {}, title), list);
  details.open = isOpen;
  return details;
}

/** Marks the chosen place in the list; what the reader has opened stays open. */
function mark(list: HTMLElement, thing: string | null): void {
  for (const one of list.querySelectorAll<HTMLElement>("[data-place]")) {
    const isChosen = one.dataset.place === thing;
    one.classList.toggle("chosen", isChosen);
    if (!isChosen) continue;
    one.querySelector("details")?.setAttribute("open", "");
    one.scrollIntoView({ block: "nearest" });
  }
}
