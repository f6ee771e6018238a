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

/** Views for curators, on a server that takes their work. */
const CURATING: typeof LOADERS = { inbox: () => import("./inbox") };

const available = (): typeof LOADERS =>
  (document.documentElement.hasAttribute("data-edited") ? { ...LOADERS, ...CURATING } : LOADERS);

export const views = (): readonly string[] => Object.keys(available());

/** The module of a view; null for an unknown name. */
export const load = (name: string): Promise<ViewModule> | null =>
  (views().includes(name) ? available()[name]!() : null);
