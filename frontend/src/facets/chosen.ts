/** The things that the selection selects, for the picture of the network. */

import { BASE } from "../api";
import type { App } from "../app";
import type { Chosen } from "../graph";
import { EVERYTHING, isEverything, type Selection } from "../selection";

/** The selected things, and those of the chosen kinds; null when everything is selected. */
export async function chosenBy(app: App, selection: Selection): Promise<Chosen | null> {
  if (isEverything(selection)) return null;
  const asked = async (some: Selection): Promise<Set<string>> => {
    const { things } = await app.source.selected(some);
    return new Set(things.map((path) => (/^https?:/.test(path) ? path : BASE + path)));
  };
  const ofKinds = selection.kind.length ? asked({ ...EVERYTHING, kind: selection.kind }) : null;
  return { things: await asked(selection), kinds: await ofKinds };
}
