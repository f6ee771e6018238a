import { expect, test } from "vitest";
import { clustered } from "./clusters";
import { levelOf, levels } from "./places";

const point = (iri: string, x: number, things = 1) => ({ iri, things, at: [x, 0] as [number, number] });

test("points nearer than the room are one, counted together, around the one with most things", () => {
  const found = clustered([point("a", 0), point("b", 10, 3), point("c", 100)], 24, null);
  const told = found.map(({ first, members, things }) => [first.iri, members.length, things]);
  expect(told).toEqual([["b", 2, 4], ["c", 1, 1]]);
});

test("the chosen point is not hidden in another", () => {
  const [first] = clustered([point("a", 0), point("b", 10, 3)], 24, "a");
  expect(first?.first.iri).toBe("a");
});

test("a choropleth has classes of about as many areas, and none for nothing", () => {
  const from = levels([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100]);
  expect(from).toEqual([1, 3, 5, 7, 9]);
  expect([0, 1, 4, 100].map((n) => levelOf(n, from))).toEqual([0, 1, 2, 5]);
  expect(levels([2, 2])).toEqual([2]);
});
