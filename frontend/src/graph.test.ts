import { expect, test } from "vitest";
import type { Edge, Thing } from "./api";
import { around, edgeKey, empty, isHeld, isPresent, manner, merge, settle, span, visible } from "./graph";
import { initial } from "./state";
import * as testing from "./testing";

const thing = (iri: string, more: Partial<Thing> = {}): Thing => testing.thing(iri, { x: 1, y: 2, ...more });
const places = [{ source: "s1", status: "stated", start: null, end: null, words: null }];
const edge = (source: string, predicate: string, target: string, more: Partial<Edge> = {}): Edge =>
  testing.fact(source, predicate, target, { places, ...more });
const usual = initial("pl", "auto");
const none = new Set<string>();

function graphOf(nodes: Thing[], edges: Edge[]) {
  const graph = empty();
  merge(graph, { nodes, edges });
  return graph;
}

test("two facts between the same things are two edges, the same fact twice is one", () => {
  const graph = graphOf([thing("a"), thing("b")], [edge("a", "p", "b"), edge("a", "q", "b")]);
  merge(graph, { nodes: [thing("a")], edges: [edge("a", "p", "b")] });
  expect(graph.edges()).toEqual(["a|p|b", "a|q|b"]);
  expect(graph.mapEdges((_, line) => line.beside)).toEqual([0, 1]);
});

test("a selected thing that is drawn as a line shows its ends", () => {
  const graph = graphOf([thing("a"), thing("b"), thing("c")], [{ ...edge("a", "p", "b"), through: "m" } as Edge]);
  expect(around(graph, { things: new Set(["m"]), kinds: new Set(["m"]) })).toEqual(new Set(["m", "a", "b"]));
});

test("what is in the graph stays where it is", () => {
  const graph = graphOf([thing("a")], []);
  merge(graph, { nodes: [thing("a", { x: 50 })], edges: [] });
  expect(graph.getNodeAttributes("a")).toMatchObject({ x: 1, y: -2 });
});

test("what is laid out around a thing goes where that thing is, clear of all else", () => {
  const graph = empty();
  merge(graph, { nodes: [thing("a", { x: 0, y: 0 }), thing("b", { x: 300, y: 0 })], edges: [], origin: "a" });
  merge(graph, { nodes: [thing("b", { x: 0, y: 0 }), thing("c", { x: -300, y: 0 }), thing("d", { x: 0, y: -200 })],
    edges: [], origin: "b" });
  expect([graph.getNodeAttribute("d", "x"), graph.getNodeAttribute("d", "y")]).toEqual([300, 200]);
  expect(graph.getNodeAttribute("c", "x")).toBeLessThanOrEqual(-110);
});

test("a pinned thing is where it was pinned, and goes home when it no longer is", () => {
  const graph = graphOf([thing("a")], []);
  settle(graph, { a: [30, 40] }, {});
  expect(graph.getNodeAttributes("a")).toMatchObject({ x: 30, y: 40 });
  settle(graph, {}, { a: [30, 40] });
  expect(graph.getNodeAttributes("a")).toMatchObject({ x: 1, y: -2 });
});

test("an edge without both ends is left out", () => {
  expect(graphOf([thing("a")], [edge("a", "p", "missing")]).size).toBe(0);
});

test("a fact is stated, inferred or only said", () => {
  expect([manner({ asserted: true, rule: null }), manner({ asserted: false, rule: "r" }),
    manner({ asserted: false, rule: null })]).toEqual(["stated", "inferred", "said"]);
});

test("a thing whose lines are all filtered away goes too, unless it is kept", () => {
  const graph = graphOf([thing("a"), thing("b"), thing("c")], [edge("a", "p", "b"), edge("b", "q", "c")]);
  const state = { ...usual, hidden: { ...usual.hidden, relations: ["q"] } };
  expect([...visible(graph, state, none, null).nodes]).toEqual(["a", "b"]);
  expect(visible(graph, state, new Set(["c"]), null).nodes).toContain("c");
});

test("hiding a source hides what only it says", () => {
  const both = edge("a", "q", "b",
    { places: [...places, { source: "s2", status: "stated", start: 1, end: 2, words: "x" }] });
  const graph = graphOf([thing("a"), thing("b")], [edge("a", "p", "b"), both]);
  const state = { ...usual, hidden: { ...usual.hidden, sources: ["s1"] } };
  expect([...visible(graph, state, none, null).edges]).toEqual([edgeKey(both)]);
});

test("what happened stays happened, what ended is gone", () => {
  const [award, tenure] = ["https://w3id.org/sekg/ns#Award", "http://www.w3.org/ns/org#Membership"];
  const was = (kind: string, from: string | null, to: string | null, ...days: string[]): boolean[] =>
    days.map((day) => isPresent({ kind, from, to }, day));
  expect(was(award, "2018-03-22", "2018-03-22", "2018-03-21", "2018-03-22", "2020-01-01")).toEqual([false, true, true]);
  expect(was(award, "2016-01-01", "2016-12-31", "2015-12-31", "2017-01-01")).toEqual([false, true]);
  expect(was(tenure, "2016-01-01", "2018-01-01", "2018-01-01", "2020-01-01")).toEqual([true, false]);
  expect(was(tenure, "2003", "2012", "2012-06-30", "2013-01-01")).toEqual([true, false]);
  expect(was(tenure, null, null, "1900-01-01")).toEqual([true]);
});

test("a fact that follows from memberships held while one of them lasted", () => {
  const during = [{ from: "2003", to: "2012-08-31" }, { from: "2018-01-01", to: null }];
  const held = (...days: (string | null)[]): boolean[] => days.map((day) => isHeld({ during }, day));
  expect(held("2002-12-31", "2003-06-01", "2012-08-31", "2015-01-01", "2024-01-01", null))
    .toEqual([false, true, true, false, true, true]);
  expect(isHeld({ during: [] }, "1950-01-01")).toBe(true);
  const graph = empty();
  merge(graph, { nodes: [thing("post"), thing("person")], edges: [edge("post", "heldBy", "person", { during })] });
  expect(visible(graph, { ...usual, day: "2015-01-01" }, none, null).edges.size).toBe(0);
  expect(visible(graph, { ...usual, day: "2019-01-01" }, none, null).edges.size).toBe(1);
});

test("around what is selected are its neighbours, of the chosen kinds only where kinds are chosen", () => {
  const graph = graphOf([thing("x"), thing("y"), thing("z"), thing("far")],
    [edge("x", "p", "y"), edge("z", "p", "x")]);
  const things = new Set(["x"]);
  expect([...around(graph, { things, kinds: null })].sort()).toEqual(["x", "y", "z"]);
  expect([...around(graph, { things, kinds: new Set(["x", "z", "far"]) })].sort()).toEqual(["x", "z"]);
});

test("chosen relations and sources leave the facts that have them", () => {
  const graph = graphOf([thing("x"), thing("y")], [edge("x", "p", "y"), edge("x", "q", "y")]);
  const related = { ...usual, selection: { ...usual.selection, relation: ["q"] } };
  expect([...visible(graph, related, none, null).edges]).toEqual(["x|q|y"]);
  const stated = { ...usual, selection: { ...usual.selection, source: ["nobody"] } };
  expect(visible(graph, stated, none, null).edges.size).toBe(0);
});

test("the days reach from the first to the last that is known, of things, of facts and of what is not drawn", () => {
  const graph = graphOf([thing("a", { from: "2013-12-16" }), thing("b")],
    [edge("a", "p", "b", { during: [{ from: "2003-08-29", to: null }] })]);
  expect(span(graph)).toEqual(["2003-08-29", "2013-12-16"]);
  expect(span(graph, [{ from: "1991", to: "2024" }])).toEqual(["1991-01-01", "2024-12-31"]);
  expect(span(empty())).toBeNull();
});
