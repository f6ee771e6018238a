/** The views of the menu, in its order; each is loaded when it is first opened. Their titles are in words/. */

import type { App } from "../app";
import type { View } from "./view";

type ViewModule = { open(app: App): View };

const LOADERS: Record<string, () => Promise<ViewModule>> = {
  network: () => import("./network"),
  table: () => import("./table"),
  map: () => import("./map"),
  timeline: () => import("./timeline"),
  questions: () => import("./questions"),
  sparql: () => import("./sparql"),
  sources: () => import("./sources"),
};

export const VIEWS: readonly string[] = Object.keys(LOADERS);

/** The module of a view; null for an unknown name. */
export const load = (name: string): Promise<ViewModule> | null => (VIEWS.includes(name) ? LOADERS[name]!() : null);
