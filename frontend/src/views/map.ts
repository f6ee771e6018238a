/** The map of all places. */

import type { App } from "../app";
import { el, swap } from "../dom";
import { type MapWithList, mapWithList } from "../map/map-with-list";
import { learnPlaces } from "../map/places";
import { differ } from "../state";
import { loading } from "./loading";
import { share } from "./share";
import type { View } from "./view";

export function open(app: App): View {
  const element = el("div", { class: "map" });
  const tools = el("div", { class: "tools" });
  let shown: MapWithList | null = null;

  void loading(app, element)(() => learnPlaces(app), (places) => {
    shown = mapWithList(app, places);
    shown.element.querySelector(".map-stage")?.append(tools);
    swap(tools, share(app));
    return shown.element;
  });

  return {
    element,
    update(state, before) {
      shown?.update(state, before);
      if (differ(state, before, "lang", "embedded")) swap(tools, share(app));
    },
    leave: () => shown?.leave(),
  };
}
