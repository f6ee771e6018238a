/** The map of all places. */

import type { App } from "../app";
import { el, swap } from "../dom";
import { learnPlaces } from "../map/load-places";
import { type MapWithList, mapWithList } from "../map/map-with-list";
import { share } from "./share";
import type { View } from "./view";

export function open(app: App): View {
  const element = el("div", { class: "map" });
  const tools = el("div", { class: "tools" });
  let shown: MapWithList | null = null;

  async function load(): Promise<void> {
    swap(element, el("p", { class: "waiting", role: "status" }, app.words().loading));
    try {
      const places = await learnPlaces(app);
      shown = mapWithList(app, places);
      swap(element, shown.element);
      shown.element.querySelector(".map-stage")?.append(tools);
      swap(tools, share(app));
    } catch (error) {
      swap(element, app.trouble(error, () => void load()));
    }
  }
  void load();

  return {
    element,
    update(state, before) {
      shown?.update(state, before);
      if (state.lang !== before.lang || state.embedded !== before.embedded) swap(tools, share(app));
    },
    leave: () => shown?.leave(),
  };
}
