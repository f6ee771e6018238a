/** Places for the map: with a point, as a drawn area, or neither; their things; and the places of an answer. */

import type { Located, Places } from "../api";
import type { App } from "../app";
import { EVERYTHING, type Selection } from "../selection";
import type { Answer } from "../sparql/answer";
import { thingsIn } from "../sparql/answer-network";

/** A place with its own things. */
export type Filled = Located & { things: string[] };

/** The places of what is selected. Learns their labels. */
export async function learnPlaces(app: App, selection: Selection): Promise<Places> {
  const found = await app.source.places(selection);
  app.dictionary.learn(found.names);
  app.dictionary.learnThings([...found.places, ...found.without]);
  return found;
}

/** All places with their things. */
export async function filledPlaces(app: App): Promise<Filled[]> {
  const { places, names } = await app.source.places(EVERYTHING, true);
  app.dictionary.learn(names);
  app.dictionary.learnThings(places);
  return places.map((place) => ({ ...place, things: place.things ?? [] }));
}

/** Why an answer cannot be shown on the map, in words; null when it can. */
export async function whyNotLocated(app: App, answer: Answer): Promise<string | null> {
  const words = app.words().forms;
  const things = new Set(thingsIn(answer));
  if (!things.size) return words.noPlaces;
  const { shown } = among(things, await filledPlaces(app));
  const { points, areas } = sorted(shown);
  return !shown.length ? words.noPlaces : points.length + areas.size ? null : words.noPoints;
}

type Point = Located & { lat: number; lon: number };

/** Places with a point, those with most things first; voivodeships by their name in the outline; all others. */
export function sorted(places: readonly Located[]) {
  const most = [...places]
    .sort((one, other) => other.inside - one.inside || (one.iri < other.iri ? -1 : 1));
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
export function thingsWithin(place: string, places: readonly Filled[]): Set<string> {
  const inside = new Set([place]);
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const { iri, within } of places) if (within.some((outer) => inside.has(outer))) inside.add(iri);
  }
  return new Set(places.filter(({ iri }) => inside.has(iri)).flatMap(({ things }) => things));
}

/** Places that are or contain any of the things, all places with these things only, and the things without a place. */
export function among(things: ReadonlySet<string>, places: readonly Filled[]) {
  const filled = places.map((place) => ({ ...place, things: place.things.filter((thing) => things.has(thing)) }));
  const all = filled.map((place) =>
    ({ ...place, own: place.things.length, inside: thingsWithin(place.iri, filled).size }));
  const shown = all.filter((place) => place.things.length > 0 || things.has(place.iri));
  const found = new Set(shown.flatMap(({ iri, things: here }) => [iri, ...here]));
  return { shown, all, unplaced: [...things].filter((thing) => !found.has(thing)) };
}

/** The classes of a choropleth: the least number of each, so that each has about as many areas. */
export function levels(counts: readonly number[], most = 5): number[] {
  const sizes = counts.filter((n) => n > 0).sort((one, other) => one - other);
  const steps = Array.from({ length: most }, (_, index) => sizes[Math.floor((index * sizes.length) / most)] ?? 0);
  return [...new Set(steps.filter((n) => n > 0))];
}

/** The class of a number: 0 for none, else from 1 on. */
export const levelOf = (count: number, from: readonly number[]): number =>
  from.filter((least) => count >= least).length;
