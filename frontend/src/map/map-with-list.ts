/** The map beside a list of its places and what is in them: places with a point, sized by how many things are there. */

import type { Located } from "../api";
import type { App } from "../app";
import { el, swap, unseen } from "../dom";
import type { State } from "../state";
import { sign, thingLink } from "../views/components";
import { sorted, thingsWithin } from "./places";
import { type Chart, chart, type Scene } from "./svg-map";

export interface Board {
  readonly element: HTMLElement;
  update(state: State, before: State): void;
  leave(): void;
}

const PORTION = 200;

/** Show some places; `all` are those that may lie within them. */
export function board(app: App, shown: readonly Located[], all: readonly Located[] = shown): Board {
  const stage = el("div", { class: "map-stage" });
  const list = el("div", { class: "map-list", id: "map-list", tabindex: "-1" });
  const element = el("div", { class: "map-inside" }, stage, list);
  const zoom = el("div", { class: "zoom", role: "group" });
  const credit = el("p", { class: "map-credit" });
  const drawn = chart(scene(), (iri) => app.open(iri));
  stage.append(drawn.element, zoom, credit);

  function scene(): Scene {
    const words = app.words();
    const { points, areas } = sorted(shown);
    const spoken = (iri: string, things: number): { iri: string; name: string; spoken: string } => ({ iri, name: app.name(iri), spoken: `${app.name(iri)}, ${words.map.things(things)}` });
    return {
      spots: points.map(({ iri, lat, lon, things }) => ({ ...spoken(iri, things.length), lat, lon, things: things.length })),
      areas: new Map([...areas].map(([region, { iri }]) => [region, spoken(iri, thingsWithin(iri, all).size)])),
      chosen: app.state().thing,
    };
  }

  function showTools(): void {
    const words = app.words();
    const tool = (id: string, label: string, text: string, act: (map: Chart) => void): HTMLElement =>
      el("button", { id, class: "icon", title: label, "aria-label": label, onclick: () => act(drawn) }, text);
    drawn.element.setAttribute("aria-label", words.map.keys);
    zoom.setAttribute("aria-label", words.views.map ?? "");
    swap(
      zoom,
      tool("map-closer", words.closer, "+", (map) => map.zoom(1.5)),
      tool("map-farther", words.farther, "−", (map) => map.zoom(1 / 1.5)),
      tool("map-fit", words.map.whole, "⤢", (map) => map.fit("all")),
      el("button", { id: "map-points", onclick: () => drawn.fit("points") }, words.map.toPoints),
    );
    swap(credit, words.map.credit);
  }

  // ── The list ──

  function showList(): void {
    const words = app.words();
    const { points, areas, others } = sorted(shown);
    const byName = (group: Iterable<Located>): Located[] => [...group].sort((one, other) => app.name(one.iri).localeCompare(app.name(other.iri), words.locale));
    const section = (title: string, lead: string | null, group: readonly Located[]): HTMLElement | null =>
      group.length === 0 ? null : el("section", {}, el("h3", {}, title), lead && el("p", { class: "soft" }, lead), el("ul", { class: "places" }, group.map(entry)));
    swap(
      list,
      el("h2", {}, words.map.places),
      el("p", { class: "soft", role: "status" }, words.map.summary(points.length, shown.length)),
      section(words.map.withPoint, null, points),
      section(words.map.areas, words.map.areasLead, byName(areas.values())),
      section(words.map.withoutPoint, words.map.withoutLead, byName(others)),
    );
  }

  function entry(place: Located): HTMLElement {
    const words = app.words();
    const inside = thingsWithin(place.iri, all);
    const outer = place.within.map((iri) => app.name(iri)).join(", ");
    const isChosen = app.state().thing === place.iri;
    return el(
      "li",
      { class: isChosen ? "chosen" : null, "data-place": place.iri },
      el("div", { class: "place" }, el("span", { title: app.name(place.kind) }, sign(place.kind), unseen(app.name(place.kind))), thingLink(app, place.iri), outer && el("span", { class: "soft" }, words.map.within(outer))),
      inside.size > 0 &&
        el(
          "details",
          { open: isChosen },
          el("summary", {}, inside.size > place.things.length ? words.map.inside(place.things.length, inside.size) : words.map.things(inside.size)),
          el("ul", {}, [...inside].map((iri) => ({ iri, text: app.name(iri) })).sort((one, other) => one.text.localeCompare(other.text, words.locale)).slice(0, PORTION)
            .map(({ iri, text }) => el("li", {}, thingLink(app, iri, text))),
          inside.size > PORTION && el("li", { class: "soft" }, words.map.others(inside.size - PORTION))),
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

  showTools();
  showList();
  if (app.state().thing) mark(app.state().thing);
  return {
    element,
    update(state, before) {
      drawn.show(scene());
      if (state.lang !== before.lang) {
        showTools();
        showList();
      }
      if (state.thing !== before.thing || state.lang !== before.lang) mark(state.thing);
      // the panel opens first and takes its room
      if (state.thing && state.thing !== before.thing) setTimeout(() => { if (state.thing) drawn.reveal(state.thing); }, 80);
    },
    leave: () => drawn.leave(),
  };
}
