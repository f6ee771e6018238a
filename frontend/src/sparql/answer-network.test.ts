import { expect, test } from "vitest";
import { BASE, type Edge, type Thing } from "../api";
import * as testing from "../testing";
import type { Answer } from "./answer";
import { linked, SAME_ROW } from "./answer-network";

const id = (name: string): string => `${BASE}id/${name}`;
const thing = (name: string, x: number, y: number): Thing => testing.thing(id(name), { x, y });
const fact = (source: string, predicate: string, target: string, more: Partial<Edge> = {}): Edge =>
  testing.fact(id(source), predicate, id(target), more);
const answer = (columns: string[], ...rows: (string | null)[][]): Answer => ({
  columns, rows: rows.map((row) => row.map((name) => (name === null ? null : name.startsWith("~")
    ? { value: name.slice(1), lang: null, datatype: "x" } : { iri: name.includes(":") ? name : id(name) }))),
  truth: null, isGraph: false, isCut: false, text: "",
});
const lines = ({ edges }: { edges: readonly Edge[] }): string[] => edges.map(
  ({ source, predicate, target }) => `${source.replace(id(""), "")} ${predicate} ${target.replace(id(""), "")}`);

const whole = {
  nodes: [thing("cis", 0, 0), thing("zaz", 500, 0), thing("mcps", 0, 500)],
  edges: [fact("cis", "p:supports", "zaz"), fact("zaz", "p:hopes", "cis", { asserted: false }),
    fact("cis", "p:knows", "mcps")],
};

test("the facts that hold among the things of an answer are drawn, what is only said is not", () => {
  expect(lines(linked(answer(["who"], ["cis"], ["zaz"]), whole))).toEqual(["cis p:supports zaz"]);
});

test("things of one row without a fact between them are linked by the row, once", () => {
  const found = linked(answer(["who", "where", "name"], ["zaz", "mcps", "~ZAZ"], ["mcps", "zaz", null]), whole);
  expect(lines(found)).toEqual([expect.stringContaining(SAME_ROW)]);
});

test("what was asked about is drawn where a fact links it to the answer", () => {
  expect(lines(linked(answer(["who"], ["cis"]), whole, [id("mcps")]))).toEqual(["cis p:knows mcps"]);
  expect(linked(answer(["who"], ["cis"]), whole, [id("nobody")]).nodes.map(({ iri }) => iri)).toEqual([id("cis")]);
});

test("triples are drawn as they are, with the evidence that the graph has for them", () => {
  const places = [{ source: "s", status: "stated", start: 1, end: 2, words: "x" }];
  const known = { ...whole, edges: [fact("cis", "p:supports", "zaz", { places })] };
  const found = linked({ ...answer(["subject", "predicate", "object"], ["cis", "p:supports", "zaz"],
    ["cis", "p:other", "new"], ["cis", "p:name", "~CIS"]), isGraph: true }, known);
  expect(lines(found)).toEqual(["cis p:supports zaz", "cis p:other new"]);
  expect(found.edges[0]?.places).toEqual(places);
  expect(found.nodes).toHaveLength(3);
});

test("things that would lie on one another are moved apart", () => {
  const { nodes } = linked(answer(["one", "other", "third"], ["a", "b", "c"]),
    { nodes: [thing("a", 0, 0), thing("b", 0, 0), thing("c", 800, 0)], edges: [] });
  const [one, other] = nodes;
  expect(Math.hypot(one!.x - other!.x, one!.y - other!.y)).toBeGreaterThan(40);
});
