/** The map: places with a point, sized by how many things are there, beside a list of all places and what is in them. */

import type { Located } from "../api";
import type { App } from "../app";
import { el, swap } from "../dom";
import { chart, type Chart, type Scene } from "../map/chart";
import { sorted, thingsWithin } from "../map/places";
import { called } from "../names";
import { thingLink } from "./parts";
import type { View } from "./registry";

const PORTION = 200;

export function open(app: App): View {
  let places: Located[] = [];
  let drawn: Chart | null = null;

  const stage = el("div", { class: "map-stage" });
  const list = el("div", { class: "map-list", id: "map-list", tabindex: "-1" });
  const element = el("div", { class: "map" }, el("div", { class: "map-inside" }, stage, list));

  const name = (place: Located): string => called(place.labels, app.lang()) ?? app.name(place.iri);

  function scene(): Scene {
    const words = app.words();
    const { points, areas } = sorted(places);
    return {
      spots: points.map((place) => ({ iri: place.iri, name: name(place), lat: place.lat, lon: place.lon, things: place.things.length, spoken: `${name(place)}, ${words.map.things(place.things.length)}` })),
      areas: new Map([...areas].map(([region, place]) => [region, { iri: place.iri, name: name(place), spoken: `${name(place)}, ${words.map.things(thingsWithin(place.iri, places).size)}` }])),
      chosen: app.state().thing,
    };
  }

  function draw(): void {
    const words = app.words();
    if (!drawn) {
      drawn = chart(scene(), (iri) => app.open(iri));
      swap(stage, drawn.element, el("div", { class: "zoom", role: "group" }), el("p", { class: "map-credit" }));
    } else drawn.show(scene());
    drawn.element.setAttribute("aria-label", words.map.keys);
    const tool = (id: string, label: string, text: string, act: (map: Chart) => void): HTMLElement =>
      el("button", { id, class: "icon", title: label, "aria-label": label, onclick: () => { if (drawn) act(drawn); } }, text);
    const zoom = stage.querySelector(".zoom")!;
    zoom.setAttribute("aria-label", words.views.map ?? "");
    swap(
      zoom,
      tool("map-closer", words.closer, "+", (map) => map.zoom(1.5)),
      tool("map-farther", words.farther, "−", (map) => map.zoom(1 / 1.5)),
      tool("map-fit", words.map.whole, "⤢", (map) => map.fit("all")),
      el("button", { id: "map-points", onclick: () => drawn?.fit("points") }, words.map.toPoints),
    );
    swap(stage.querySelector(".map-credit")!, words.map.credit);
  }

  // ── The list ──

  function showList(): void {
    const words = app.words();
    const { points, areas, others } = sorted(places);
    const byName = (group: Iterable<Located>): Located[] => [...group].sort((one, other) => name(one).localeCompare(name(other), words.locale));
    const section = (title: string, lead: string | null, group: readonly Located[]): HTMLElement | null =>
      group.length === 0 ? null : el("section", {}, el("h3", {}, title), lead && el("p", { class: "soft" }, lead), el("ul", { class: "places" }, group.map(entry)));
    swap(
      list,
      el("h2", {}, words.map.places),
      el("p", { class: "soft", role: "status" }, words.map.summary(points.length, places.length)),
      section(words.map.withPoint, null, points),
      section(words.map.areas, words.map.areasLead, byName(areas.values())),
      section(words.map.withoutPoint, words.map.withoutLead, byName(others)),
    );
  }

  function entry(place: Located): HTMLElement {
    const words = app.words();
    const all = thingsWithin(place.iri, places);
    const outer = place.within.map((iri) => app.name(iri)).join(", ");
    const isChosen = app.state().thing === place.iri;
    return el(
      "li",
      { class: isChosen ? "chosen" : null, "data-place": place.iri },
      el("div", { class: "place" }, thingLink(app, place.iri, name(place)), outer && el("span", { class: "soft" }, words.map.within(outer))),
      all.size > 0 &&
        el(
          "details",
          { open: isChosen },
          el("summary", {}, all.size > place.things.length ? words.map.inside(place.things.length, all.size) : words.map.things(all.size)),
          el("ul", {}, [...all].map((iri) => ({ iri, text: app.name(iri) })).sort((one, other) => one.text.localeCompare(other.text, words.locale)).slice(0, PORTION)
            .map(({ iri, text }) => el("li", {}, thingLink(app, iri, text))),
          all.size > PORTION && el("li", { class: "soft" }, words.map.others(all.size - PORTION))),
        ),
    );
  }

  /** Mark the chosen place in the list without closing what the reader has opened. */
  function mark(thing: string | null): void {
    for (const one of list.querySelectorAll<HTMLElement>("[data-place]")) {
      const isChosen = one.dataset.place === thing;
      one.classList.toggle("chosen", isChosen);
      if (!isChosen) continue;
      one.querySelector("details")?.setAttribute("open", "");
      one.scrollIntoView({ block: "nearest" });
    }
  }

  // ── Life ──

  async function load(): Promise<void> {
    swap(stage, el("p", { class: "waiting", role: "status" }, app.words().loading));
    try {
      const answer = await app.source.places();
      app.dictionary.learn(answer.names);
      for (const { iri, labels } of answer.places) app.dictionary.learn({ [iri]: labels });
      places = answer.places;
      draw();
      showList();
      if (app.state().thing) mark(app.state().thing);
    } catch (error) {
      swap(stage, app.trouble(error, () => void load()));
    }
  }
  void load();

  return {
    element,
    update(state, before) {
      if (!drawn) return;
      draw();
      if (state.lang !== before.lang) showList();
      if (state.thing !== before.thing || state.lang !== before.lang) mark(state.thing);
      // the panel opens first and takes its room
      if (state.thing && state.thing !== before.thing) setTimeout(() => { if (state.thing) drawn?.reveal(state.thing); }, 80);
    },
    leave: () => drawn?.leave(),
  };
}
