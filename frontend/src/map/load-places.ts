/** Loads the places with their labels, and tells whether an answer can be shown on the map. */

import type { Located } from "../api";
import type { App } from "../app";
import type { Answer } from "../sparql/answer";
import { thingsIn } from "../sparql/answer-network";
import { among, sorted } from "./places";

/** All places; their labels and those of the things in them are learnt. */
export async function learnPlaces(app: App): Promise<Located[]> {
  const { places, names } = await app.source.places();
  app.dictionary.learn(names);
  app.dictionary.learnThings(places);
  return places;
}

/** Why an answer cannot be shown on the map, in words; null when it can. */
export async function whyNotLocated(app: App, answer: Answer): Promise<string | null> {
  const words = app.words().forms;
  const things = new Set(thingsIn(answer));
  if (!things.size) return words.noPlaces;
  const { shown } = among(things, await learnPlaces(app));
  const { points, areas } = sorted(shown);
  return !shown.length ? words.noPlaces : points.length + areas.size ? null : words.noPoints;
}
