import { expect, test } from "vitest";
import { type Barrier, type Box, crosses, place, type Wanted, wrapped } from "./draw/labels";
import { degreesOf, ranked } from "./draw/ranking";
import { empty, merge } from "./graph";
import { fact, network } from "./testing";

const sheet = { left: 0, top: 0, right: 400, bottom: 400, marks: [], covers: [], lines: [],
  measure: (line: string) => line.length * 7, most: 10, longest: 20 };
const wanted = (id: string, x: number, y: number, isForced = false): Wanted =>
  ({ id, text: id, x, y, radius: 5, isForced });

test("labels are broken between words and end in an ellipsis", () => {
  expect(wrapped("Centrum Integracji Społecznej w Siedlcach", 20))
    .toEqual(["Centrum Integracji", "Społecznej w", "Siedlcach"]);
  expect(wrapped("a ".repeat(500), 10, 2).at(-1)).toMatch(/…$/);
  expect(wrapped("x".repeat(1000), 10)).toEqual([`${"x".repeat(10)}…`]);
});

test("no two labels overlap, and none leaves the sheet", () => {
  const placed =
    place(Array.from({ length: 9 }, (_, index) => wanted(`label number ${index}`, 200 + index * 3, 200)), sheet);
  const boxes = placed.map(({ lines, x, y, align }) => {
    const width = Math.max(...lines.map((line) => line.length * 7));
    const left = align === "center" ? x - width / 2 : align === "left" ? x : x - width;
    return [left, y - 7, left + width, y - 7 + lines.length * 15] as const;
  });
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      expect(one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]).toBe(false);
    }
  }
  for (const box of boxes) expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
});

test("a label without room is left out, unless it is forced", () => {
  const narrow = { ...sheet, right: 30 };
  expect(place([wanted("much too long", 10, 200)], narrow)).toEqual([]);
  expect(place([wanted("much too long", 10, 200, true)], narrow)).toHaveLength(1);
});

test("an important label goes where another is left out: farther from its mark", () => {
  const label = wanted("one long name", 90, 200);
  const marks = [{ ...wanted("m", 90, 218), radius: 11 }, { ...wanted("n", 90, 182), radius: 11 }];
  const narrow = { ...sheet, marks: [label, ...marks], right: 180 };
  expect(place([label], narrow)).toEqual([]);
  expect(place([{ ...label, isImportant: true }], narrow)).toHaveLength(1);
});

test("a label lies on no line but its own, and on nothing that covers the picture", () => {
  const label = wanted("name", 200, 200);
  const below = { line: [0, 215, 400, 215], owners: ["x", "y"] } as const;
  const at = (lines: readonly Barrier[], covers: readonly Box[] = []): Box =>
    place([label], { ...sheet, lines, covers })[0]!.box;
  expect(at([])[1]).toBeGreaterThan(200);
  expect(at([below])[3]).toBeLessThan(215);
  expect(at([], [[100, 201, 300, 300]])[3]).toBeLessThan(201);
  const around = [205, 195, 190, 210].map((y) => ({ line: [0, y, 400, y] as const, owners: ["name", "y"] }));
  expect(place([label], { ...sheet, lines: around })).toHaveLength(1);
});

test("of two things alike, the one beside a thing with many lines comes first", () => {
  const [graph, kind] = [empty(), "https://w3id.org/sekg/ns#Cluster"];
  const ends = [["a", "x"], ["b", "hub"], ["hub", "c"], ["hub", "d"]] as const;
  merge(graph, network(ends.map(([source, target]) => fact(source, "p", target)), { a: { kind }, b: { kind } }));
  const visible = { nodes: new Set(graph.nodes()), edges: new Set(graph.edges()) };
  expect(ranked(graph, visible, degreesOf(graph, visible), new Set()).slice(0, 2)).toEqual(["b", "a"]);
  expect(ranked(graph, visible, degreesOf(graph, visible), new Set(["x"]))[0]).toBe("x");
});

test("a line goes through a box or it does not", () => {
  expect(crosses([0, 0, 100, 100], [40, 40, 60, 60])).toBe(true);
  expect(crosses([0, 0, 100, 0], [40, 40, 60, 60])).toBe(false);
  expect(crosses([0, 0, 20, 20], [40, 40, 60, 60])).toBe(false);
});
