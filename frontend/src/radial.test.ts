import { expect, test } from "vitest";
import { radial } from "./network/radial";
import { fact } from "./testing";

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at + 10}`);
const [signers, places] = [names("s", 9), names("p", 3)];
const facts =
  [...signers.map((iri) => fact("middle", "signed by", iri)), ...places.map((iri) => fact("middle", "in", iri))];
const things = ["middle", ...signers, ...places];
const kind = (): string => "k";

test("each relation is one group around the middle, and equal neighbourhoods are laid out alike", () => {
  const { places: at, sectors } = radial("middle", things, facts, kind);
  expect(at.get("middle")).toEqual([0, 0]);
  expect(sectors.map(({ predicate, members }) => [predicate, members.length])).toEqual([["signed by", 9], ["in", 3]]);
  expect(radial("middle", [...things].reverse(), [...facts].reverse(), kind).places).toEqual(at);
  const turn = (iri: string): number => (Math.atan2(at.get(iri)![0], -at.get(iri)![1]) + 2 * Math.PI) % (2 * Math.PI);
  expect(Math.max(...signers.map(turn))).toBeLessThan(Math.min(...places.map(turn)));
});

test.each([3, 40, 200])("%i neighbours have room for their labels", (count) => {
  const many = names("n", count);
  const { places: at } = radial("middle", ["middle", ...many], many.map((iri) => fact("middle", "p", iri)), kind);
  const spots = [...at.values()];
  for (const [index, [x, y]] of spots.entries()) {
    for (const [left, top] of spots.slice(index + 1)) {
      expect(Math.abs(x - left) > 80 || Math.abs(y - top) > 30).toBe(true);
    }
  }
});

test("what is linked with a neighbour only stands beside it", () => {
  const { places: at } = radial("middle", [...things, "guest"], [...facts, fact("s14", "p", "guest")], kind);
  const [x, y] = at.get("guest")!;
  const far = (iri: string): number => Math.hypot(at.get(iri)![0] - x, at.get(iri)![1] - y);
  expect(things.slice(1).sort((one, other) => far(one) - far(other)).slice(0, 2)).toContain("s14");
});
