/** Pinned things stay in place: by dragging, by a button in the card, by a key in the picture. */

import type { App } from "../app";
import { el } from "../dom";

export const pinAt = (app: App, iri: string, at: readonly [number, number]): void =>
  app.store.adjust({ pins: { ...app.state().pins, [iri]: at } });

/** Pins a thing at its position, or releases it to its position in the layout. */
export function togglePin(app: App, iri: string): void {
  const { graph } = app.exploration;
  if (!graph.hasNode(iri)) return;
  const { [iri]: pinned, ...others } = app.state().pins;
  const { x, y } = graph.getNodeAttributes(iri);
  const words = app.words();
  if (pinned) app.store.adjust({ pins: others });
  else pinAt(app, iri, [x, y]);
  app.say(words.fill(pinned ? words.unpinned : words.pinned, { name: app.name(iri) }));
}

/** A button that pins and unpins a thing, hidden while the thing is not in the picture. */
export function pinButton(app: App, iri: string): HTMLElement {
  const words = app.words();
  const button = el("button", { id: "pin", title: words.pinHelp, onclick: () => togglePin(app, iri) }, words.pin);
  const show = (): void => {
    const isThere = app.exploration.graph.hasNode(iri);
    button.hidden = app.state().view !== "network" || (app.exploration.isReady() && !isThere);
    button.disabled = !isThere;
    button.setAttribute("aria-pressed", String(iri in app.state().pins));
  };
  const follow = (): void => {
    if (button.isConnected) show();
    else for (const stop of stops) stop();
  };
  const stops = [app.store.listen(follow), app.exploration.listen(follow)];
  show();
  return button;
}
