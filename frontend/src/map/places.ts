/** Places for the map: with a point, as a drawn area, or neither; their things; and the places of an answer. */

import type { Located } from "../api";
import type { App } from "../app";
import type { Answer } from "../sparql/answer";
import { thingsIn } from "../sparql/answer-network";

/** All places. Learns their labels and those of the things in them. */
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

type Point = Located & { lat: number; lon: number };

/** Places with a point, those with most things first; voivodeships by their name in the outline; all others. */
export function sorted(places: readonly Located[]) {
  const most = [...places]
    .sort((one, other) => other.things.length - one.things.length || (one.iri < other.iri ? -1 : 1));
  const isPoint = (place: Located): place is Point => place.lat !== null && place.lon !== null;
  const region = (place: Located): string | undefined => /^województwo (\S+)$/.exec(place.labels.pl ?? "")?.[1];
  const areas = new Map<string, Located>();
  for (const place of most) {
    const name = region(place);
    if (name && !isPoint(place)) areas.set(name, place);
  }
  const drawn = new Set(areas.values());
  return { points: most.filter(isPoint), areas, others: most.filter((place) => !isPoint(place) && !drawn.has(place)) };
}

/** The things in a place and in the places within it, each once. */
export function thingsWithin(place: string, places: readonly Located[]): Set<string> {
  const inside = new Set([place]);
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const { iri, within } of places) if (within.some((outer) => inside.has(outer))) inside.add(iri);
  }
  return new Set(places.filter(({ iri }) => inside.has(iri)).flatMap(({ things }) => things));
}

/** Places that are or contain any of the things, all places with these things only, and the things without a place. */
export function among(things: ReadonlySet<string>, places: readonly Located[]) {
  const all = places.map((place) => ({ ...place, things: place.things.filter((thing) => things.has(thing)) }));
  const shown = all.filter((place) => place.things.length > 0 || things.has(place.iri));
  const found = new Set(shown.flatMap(({ iri, things: here }) => [iri, ...here]));
  return { shown, all, unplaced: [...things].filter((thing) => !found.has(thing)) };
}
