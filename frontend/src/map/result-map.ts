/** An answer on the map: the places it names and those where the things it names are. */

import type { App } from "../app";
import { el, swap } from "../dom";
import type { Answer } from "../sparql/answer";
import { thingsIn } from "../sparql/answer-network";
import { thingLink } from "../views/components";
import type { Mounted } from "../views/view";
import { mapWithList } from "./map-with-list";
import { among, filledPlaces, thingsWithin } from "./places";

export async function draw(app: App, place: HTMLElement, answer: Answer): Promise<Mounted> {
  const { shown: places, all, unplaced } = among(new Set(thingsIn(answer)), await filledPlaces(app));
  const shown = mapWithList(app, { places, contents: async ({ iri }) => byName(app, thingsWithin(iri, all)) });
  let before = app.state();
  swap(place, el("div", { class: "map result-map" }, shown.element), unplaced.length > 0 && without(app, unplaced));
  return {
    update() {
      shown.update(app.state(), before);
      before = app.state();
    },
    leave: shown.leave,
  };
}

const byName = (app: App, things: Iterable<string>): string[] =>
  [...things].sort((one, other) => app.name(one).localeCompare(app.name(other), app.words().locale));

/** The things without a known place. */
function without(app: App, things: readonly string[]): HTMLElement {
  const { fill, forms } = app.words();
  return el("details", { class: "meanings" }, el("summary", {}, fill(forms.unplaced, { n: things.length })),
    el("ul", {}, things.map((iri) => el("li", {}, thingLink(app, iri)))));
}
