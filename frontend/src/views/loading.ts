/** A region for the latest request only: a note while it loads, an error with a retry when it fails. */

import type { App } from "../app";
import { type Child, el, swap } from "../dom";

const DELAY = 200;

export type Show = <T>(ask: () => Promise<T>, draw: (answer: T) => Child) => Promise<void>;

export function loading(app: App, place: HTMLElement): Show {
  let latest = 0;
  let slow: ReturnType<typeof setTimeout> | undefined;
  return async function show(ask, draw) {
    const mine = ++latest;
    clearTimeout(slow);
    slow = setTimeout(() => swap(place, el("p", { class: "waiting" }, app.words().loading)), DELAY);
    try {
      const answer = await ask();
      if (mine === latest) swap(place, draw(answer));
    } catch (error) {
      if (mine === latest) swap(place, app.trouble(error, () => void show(ask, draw)));
    } finally {
      if (mine === latest) clearTimeout(slow);
    }
  };
}
