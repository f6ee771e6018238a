/** Places as the map needs them: with a point, as an area that is drawn, or neither; and what is in each. */

import type { Located } from "../api";

export interface Sorted {
  /** With a point, those with most things first. */
  points: (Located & { lat: number; lon: number })[];
  /** Voivodeships, by the name that the outline has for them. */
  areas: Map<string, Located>;
  /** Neither. */
  others: Located[];
}

export function sorted(places: readonly Located[]): Sorted {
  const most = [...places]
    .sort((one, other) => other.things.length - one.things.length || (one.iri < other.iri ? -1 : 1));
  const isPoint = (place: Located): place is Sorted["points"][number] => place.lat !== null && place.lon !== null;
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

/** The places that are, or contain, any of these things: `shown` with only these, `all` to look inside; the rest. */
export function among(things: ReadonlySet<string>, places: readonly Located[]) {
  const all = places.map((place) => ({ ...place, things: place.things.filter((thing) => things.has(thing)) }));
  const shown = all.filter((place) => place.things.length > 0 || things.has(place.iri));
  const found = new Set(shown.flatMap(({ iri, things: here }) => [iri, ...here]));
  return { shown, all, unplaced: [...things].filter((thing) => !found.has(thing)) };
}
