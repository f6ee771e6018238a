/** Ways to take a picture of a view away, as PNG or as SVG: a menu, or a button for each. */

import type { App } from "../app";
import { type Child, el } from "../dom";
import { menu } from "./components";

const DRAWN_FORMATS = ["png", "svg"] as const;
export type DrawnFormat = (typeof DRAWN_FORMATS)[number];
type Take = (format: DrawnFormat) => Promise<void>;

const taken = (app: App, take: Take, format: DrawnFormat): void =>
  void take(format).catch((error) => app.say(String(error)));

export function pictureMenu(app: App, take: Take): Child {
  if (app.state().embedded) return null;
  const { download, downloads } = app.words();
  return menu("download", download, (close) => DRAWN_FORMATS.map((format) =>
    el("button", { onclick: () => {
      close();
      taken(app, take, format);
    } }, downloads[format])));
}

export function pictureButtons(app: App, take: Take): HTMLElement {
  const { download, downloads } = app.words();
  return el("div", { class: "picture-saves", role: "group", "aria-label": download },
    DRAWN_FORMATS.map((format) => el("button", { class: "small", title: downloads[format],
      onclick: () => taken(app, take, format) }, format.toUpperCase())));
}
