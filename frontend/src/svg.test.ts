import { expect, test } from "vitest";
import type { Spot } from "./draw/stage";
import { course } from "./draw/svg";
import { empty, merge } from "./graph";
import { fact, network } from "./testing";

const [one, other] = ["https://w3id.org/sekg/id/one", "https://w3id.org/sekg/id/other"];

test("facts between the same two things do not lie on one another in a drawing, and end at the mark", () => {
  const graph = empty();
  merge(graph, network([fact(one, "a", other), fact(other, "b", one), fact(one, "c", other)]));
  const spots: Record<string, Spot> = { [one]: { x: 0, y: 0, radius: 10 }, [other]: { x: 100, y: 0, radius: 20 } };
  const heights = graph.mapEdges((_, line, source, target) => course(line, spots[source]!, spots[target]!)[1]);
  expect(new Set(heights)).toEqual(new Set([0, -6, 6]));
  expect(course(graph.getEdgeAttributes(graph.edges()[0]!), spots[one]!, spots[other]!)[2]).toBe(77.5);
});
