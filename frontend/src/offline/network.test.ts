import { expect, test } from "vitest";
import type { Edge, Network } from "../api";
import { fact, network } from "../testing";
import { asOf, chain, neighbourhood } from "./network";

const CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept";

const edge = (source: string, target: string, more: Partial<Edge> = {}): Edge => fact(source, "p", target, more);
const iris = (found: Network | null): string[] | undefined => found?.nodes.map(({ iri }) => iri);
const steps = (found: Network | null): string[] | undefined =>
  found?.edges.map(({ source, target }) => `${source}${target}`);

test("a neighbourhood reaches as far as asked, whichever way the facts point", () => {
  const line = network([edge("a", "b"), edge("c", "b"), edge("c", "d")]);
  expect(iris(neighbourhood(line, "a", 1))).toEqual(["a", "b"]);
  expect(steps(neighbourhood(line, "a", 2))).toEqual(["ab", "cb"]);
  expect(iris(neighbourhood(line, "a", 3))).toEqual(["a", "b", "c", "d"]);
});

test("facts between neighbours are of the next step, as on the server", () => {
  const triangle = network([edge("a", "b"), edge("a", "c"), edge("b", "c")]);
  expect(steps(neighbourhood(triangle, "a", 1))).toEqual(["ab", "ac"]);
  expect(steps(neighbourhood(triangle, "a", 2))).toEqual(["ab", "ac", "bc"]);
});

test("nothing is around a thing that the network does not have", () => {
  expect(neighbourhood(network([edge("a", "b")]), "x", 1)).toMatchObject({ nodes: [], edges: [] });
});

test("a chain is shortest, its facts in the order of the steps and read in either direction", () => {
  const found = network(
    [edge("b", "a"), edge("b", "c"), edge("d", "c"), edge("a", "x"), edge("x", "y"), edge("y", "z"), edge("z", "d")]);
  expect(steps(chain(found, "a", "d"))).toEqual(["ba", "bc", "dc"]);
  expect(steps(chain(found, "d", "a"))).toEqual(["dc", "bc", "ba"]);
});

test("a chain does not lead through kinds and places, but may begin or end with one", () => {
  const found = network([edge("a", "kind"), edge("b", "kind")], { kind: { kind: CONCEPT } });
  expect(chain(found, "a", "b")).toBeNull();
  expect(steps(chain(found, "a", "kind"))).toEqual(["akind"]);
});

test("a chain takes the stated fact before the inferred one, and none that is only said", () => {
  const inferred = edge("a", "b", { predicate: "o", asserted: false, rule: "r" });
  const said = edge("a", "c", { asserted: false });
  const found = network([inferred, edge("b", "a", { predicate: "z" }), said]);
  expect(chain(found, "a", "b")?.edges).toEqual([edge("b", "a", { predicate: "z" })]);
  expect(chain(found, "a", "c")).toBeNull();
});

test("of several shortest chains it is the one that networkx takes: the first in the order of the IRIs", () => {
  const found = network([edge("a", "n"), edge("n", "z"), edge("a", "m"), edge("m", "z")]);
  expect(steps(chain(found, "a", "z"))).toEqual(["am", "mz"]);
});

test("as of a day a chain neither uses inferred facts nor passes what was not there", () => {
  const tenure = "http://www.w3.org/ns/org#Membership";
  const found = network([edge("a", "b", { asserted: false, rule: "r" }), edge("a", "m"), edge("m", "b"),
    edge("a", "x"), edge("x", "y"), edge("y", "b")], { m: { kind: tenure, from: "2003", to: "2012" } });
  expect([steps(chain(found, "a", "b")), steps(chain(asOf(found, "2012-05-01"), "a", "b")),
    steps(chain(asOf(found, "2013-01-01"), "a", "b"))]).toEqual([["ab"], ["am", "mb"], ["ax", "xy", "yb"]]);
});

test("from a thing to itself there are no steps, to a stranger there is no chain", () => {
  const found = network([edge("a", "b")]);
  expect(chain(found, "a", "a")).toMatchObject({ nodes: [], edges: [] });
  expect(chain(found, "a", "x")).toBeNull();
});
