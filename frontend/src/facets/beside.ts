/** A view with the panel of facets beside it. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { facetPanel } from "./panel";

/** The element of a view beside the facets, and a function that draws these anew. */
export function beside(app: App, ...content: Child[]) {
  const aside = el("aside", { class: "filters" });
  const panel = facetPanel(app, aside);
  panel.show();
  return { element: el("div", { class: "with-facets" }, aside, content), show: panel.show };
}
