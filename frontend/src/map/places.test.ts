import { expect, test } from "vitest";
import { among, type Filled, sorted, thingsWithin } from "./places";

const place = (iri: string, more: Partial<Filled> = {}): Filled =>
  ({ iri, labels: {}, kind: "", lat: null, lon: null, within: [], own: 0, inside: 0, things: [], ...more });

test("a place is a point, an area of the outline, or neither", () => {
  const { points, areas, others } = sorted([
    place("siedlce", { lat: 52.2, lon: 22.3, labels: { pl: "Siedlce" } }),
    place("mazowieckie", { labels: { pl: "województwo mazowieckie" } }),
    place("muszyna", { labels: { pl: "Muszyna" } }),
  ]);
  expect(points.map(({ iri }) => iri)).toEqual(["siedlce"]);
  expect(areas.get("mazowieckie")?.iri).toBe("mazowieckie");
  expect(others.map(({ iri }) => iri)).toEqual(["muszyna"]);
});

test("what is in a place is what is in the places within it, each once, also when they form a ring", () => {
  const places = [
    place("region", { things: ["cluster"], within: ["town"] }),
    place("county", { within: ["region"], things: ["cluster"] }),
    place("town", { within: ["county"], things: ["foundation"] }),
    place("elsewhere", { things: ["other"] }),
  ];
  expect([...thingsWithin("region", places)].sort()).toEqual(["cluster", "foundation"]);
});

test("of some things, the places they are in or are, and those that are nowhere", () => {
  const places =
    [place("siedlce", { things: ["cis", "zaz"] }), place("warszawa", { things: ["mcps"] }), place("mazowieckie")];
  const { shown, unplaced } = among(new Set(["cis", "mazowieckie", "nowhere"]), places);
  expect(shown.map(({ iri, things }) => [iri, things])).toEqual([["siedlce", ["cis"]], ["mazowieckie", []]]);
  expect(unplaced).toEqual(["nowhere"]);
});
