/** An answer on the map: the places it names and those where the things it names are. */

import type { App } from "../app";
import { el, swap } from "../dom";
import type { Answer } from "../sparql/answer";
import { thingsIn } from "../sparql/answer-network";
import { thingLink } from "../views/components";
import type { Mounted } from "../views/view";
import { type MapWithList, mapWithList } from "./map-with-list";
import { among, learnPlaces } from "./places";

export function draw(app: App, place: HTMLElement, answer: Answer): Mounted {
  let shown: MapWithList | null = null;
  let before = app.state();
  let isGone = false;

  async function begin(): Promise<void> {
    const { shown: places, all, unplaced } = among(new Set(thingsIn(answer)), await learnPlaces(app));
    if (isGone) return;
    shown = mapWithList(app, places, all);
    swap(place, el("div", { class: "map result-map" }, shown.element), unplaced.length > 0 && without(app, unplaced));
  }

  void begin().catch((error: unknown) => { if (!isGone) swap(place, app.trouble(error, () => void begin())); });
  return {
    update() {
      shown?.update(app.state(), before);
      before = app.state();
    },
    leave() {
      isGone = true;
      shown?.leave();
    },
  };
}

/** The things without a known place. */
function without(app: App, things: readonly string[]): HTMLElement {
  const { fill, forms } = app.words();
  return el("details", { class: "meanings" }, el("summary", {}, fill(forms.unplaced, { n: things.length })),
    el("ul", {}, things.map((iri) => el("li", {}, thingLink(app, iri)))));
}
