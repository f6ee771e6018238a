/** The map beside a list of its places and of the things in them. */

import type { Located } from "../api";
import type { App } from "../app";
import { el, swap, unseen } from "../dom";
import type { State } from "../state";
import { iconButton, sign, thingLink } from "../views/components";
import { sorted, thingsWithin } from "./places";
import { type Scene, type SvgMap, svgMap } from "./svg-map";

export type MapWithList = ReturnType<typeof mapWithList>;

/** The places that are shown, and all that may lie within them. */
type Places = Readonly<Record<"shown" | "all", readonly Located[]>>;

const PORTION = 200;
/** Milliseconds in which the panel opens and takes its room. */
const PANEL = 80;

/** A map of some places; `all` are those that may lie within them. */
export function mapWithList(app: App, shown: readonly Located[], all: readonly Located[] = shown) {
  const places = { shown, all };
  const map = svgMap(sceneOf(app, places), app.open);
  const zoom = el("div", { class: "zoom", role: "group" });
  const credit = el("p", { class: "map-credit" });
  const list = el("div", { class: "map-list", id: "map-list", tabindex: "-1" });
  const relabel = (): void => {
    showTools(app, map, zoom);
    swap(credit, app.words().map.credit);
    showList(app, list, places);
  };
  relabel();
  if (app.state().thing) mark(list, app.state().thing);
  return {
    element: el("div", { class: "map-inside" }, el("div", { class: "map-stage" }, map.element, zoom, credit), list),
    update(state: State, before: State): void {
      const { thing, lang } = state;
      map.show(sceneOf(app, places));
      if (lang !== before.lang) relabel();
      if (thing !== before.thing || lang !== before.lang) mark(list, thing);
      if (thing && thing !== before.thing) setTimeout(() => map.reveal(thing), PANEL);
    },
    leave: map.leave,
  };
}

function sceneOf(app: App, { shown, all }: Places): Scene {
  const { fill, things } = app.words();
  const { points, areas } = sorted(shown);
  const named = (iri: string, n: number) => {
    const name = app.name(iri);
    return { iri, name, spoken: `${name}, ${fill(things, { n })}` };
  };
  return {
    spots: points.map(({ iri, lat, lon, things: { length } }) => ({ ...named(iri, length), lat, lon, things: length })),
    areas: new Map([...areas].map(([region, { iri }]) => [region, named(iri, thingsWithin(iri, all).size)])),
    chosen: app.state().thing,
  };
}

function showTools(app: App, map: SvgMap, place: HTMLElement): void {
  const words = app.words();
  map.element.setAttribute("aria-label", words.map.keys);
  place.setAttribute("aria-label", words.views.map ?? "");
  swap(place,
    iconButton("map-closer", words.closer, "+", () => map.zoom(1.5)),
    iconButton("map-farther", words.farther, "−", () => map.zoom(1 / 1.5)),
    iconButton("map-fit", words.map.whole, "⤢", () => map.fit("all")),
    el("button", { id: "map-points", onclick: () => map.fit("points") }, words.map.toPoints),
  );
}

function showList(app: App, list: HTMLElement, { shown, all }: Places): void {
  const { fill, locale, map: words } = app.words();
  const { points, areas, others } = sorted(shown);
  const byName = (places: Iterable<Located>): Located[] =>
    [...places].sort((one, other) => app.name(one.iri).localeCompare(app.name(other.iri), locale));
  const section = (title: string, lead: string | null, places: readonly Located[]): HTMLElement | false =>
    places.length > 0 && el(
      "section", {}, el("h3", {}, title), lead && el("p", { class: "soft" }, lead),
      el("ul", { class: "places" }, places.map((place) => entry(app, place, all))),
    );
  swap(list,
    el("h2", {}, words.places),
    el("p", { class: "soft", role: "status" }, fill(words.summary, { points: points.length, n: shown.length })),
    section(words.withPoint, null, points),
    section(words.areas, words.areasLead, byName(areas.values())),
    section(words.withoutPoint, words.withoutLead, byName(others)),
  );
}

function entry(app: App, place: Located, all: readonly Located[]): HTMLElement {
  const { fill, map: words } = app.words();
  const inside = thingsWithin(place.iri, all);
  const outer = place.within.map(app.name).join(", ");
  const isChosen = app.state().thing === place.iri;
  const kind = app.name(place.kind);
  return el("li", { class: isChosen ? "chosen" : null, "data-place": place.iri },
    el("div", { class: "place" },
      el("span", { title: kind }, sign(place.kind), unseen(kind)), thingLink(app, place.iri),
      outer && el("span", { class: "soft" }, fill(words.within, { name: outer }))),
    inside.size > 0 && contents(app, [...inside], place.things.length, isChosen),
  );
}

/** The things in a place and in the places within it; `own` counts those of the place itself. */
function contents(app: App, things: readonly string[], own: number, isOpen: boolean): HTMLElement {
  const { fill, locale, map: words, things: counted } = app.words();
  const all = fill(counted, { n: things.length });
  const inside = own ? fill(words.inside, { things: fill(counted, { n: own }), all: things.length })
    : fill(words.onlyInside, { things: all });
  const named = things.map((iri) => ({ iri, text: app.name(iri) }))
    .sort((one, other) => one.text.localeCompare(other.text, locale));
  const left = things.length - PORTION;
  return el("details", { open: isOpen },
    el("summary", {}, things.length > own ? inside : all),
    el("ul", {},
      named.slice(0, PORTION).map(({ iri, text }) => el("li", {}, thingLink(app, iri, text))),
      left > 0 && el("li", { class: "soft" }, fill(words.others, { n: left }))),
  );
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
