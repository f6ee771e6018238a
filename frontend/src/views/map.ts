/** The map of the places of what is selected. */

import type { Located, Places } from "../api";
import type { App } from "../app";
import { type Child, el, swap } from "../dom";
import { beside } from "../facets/beside";
import { type MapWithList, mapWithList } from "../map/map-with-list";
import { learnPlaces } from "../map/places";
import { isSame } from "../selection";
import { differ } from "../state";
import { loading } from "./loading";
import { pictureMenu } from "./picture-files";
import { share } from "./share";
import type { View } from "./view";

/** The things of a place that are listed. */
const LISTED = 200;

export function open(app: App): View {
  const inside = el("div", { class: "map" });
  const { element, show: showFacets } = beside(app, inside);
  const tools = el("div", { class: "tools" });
  let shown: MapWithList | null = null;
  const show = loading(app, inside);

  const draw = (): void => void show(() => learnPlaces(app, app.state().selection), (found) => {
    const given = { places: found.places, contents: (place: Located) => thingsIn(app, place), note: note(app, found),
      unplaced: found.unplaced, without: found.without };
    if (shown) {
      shown.replace(given);
      return shown.element;
    }
    shown = mapWithList(app, given, true);
    shown.element.querySelector(".map-stage")?.append(tools);
    swap(tools, downloads(app, tools), share(app));
    return shown.element;
  });
  draw();

  return {
    element,
    update(state, before) {
      showFacets();
      if (isSame(state.selection, before.selection)) shown?.update(state, before);
      else draw();
      if (differ(state, before, "lang", "embedded")) swap(tools, downloads(app, tools), share(app));
    },
    leave: () => shown?.leave(),
  };
}

/** A menu with the map as a file, beside which `tools` stand. */
const downloads = (app: App, tools: HTMLElement): Child => pictureMenu(app, async (format) => {
  const stage = tools.parentElement!;
  const map = stage.querySelector<SVGSVGElement>(".chart")!;
  const scale = stage.querySelector<HTMLElement>(".map-scale")!;
  await (await import("../export")).saveMap(app, map, scale, format);
});

const note = (app: App, { placed, total }: Places): string =>
  app.words().fill(app.words().facets.inPlaces, { placed, total });

/** The selected things in a place, by name. */
async function thingsIn(app: App, { iri }: Located): Promise<string[]> {
  const { selection, lang } = app.state();
  const sheet = { text: "", sort: "name", lang, page: 1, size: LISTED };
  const { rows } = await app.source.table({ ...selection, place: [iri] }, sheet);
  app.dictionary.learnThings(rows);
  return rows.map((row) => row.iri);
}
