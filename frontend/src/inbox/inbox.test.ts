import { expect, test } from "vitest";
import type { Card, Term } from "../api";
import type { Answer } from "./client";
import { fields, marked, namesCompared } from "./compare";
import { addressOf, keyOf, pairOf } from "./identity";
import { lists, progress } from "./session";
import { tokenIn } from "./token";

const answer = (item: string, verdict: string): Answer =>
  ({ item, verdict, by: "A", day: "2030-01-01", why: {}, tag: "t" });
const NAMING = { key: keyOf, item: pairOf, later: "undecided" };

test("an answered item leaves the queue in either order of its two things; one left for later stays in reach", () => {
  const items = ["id:a id:b", "id:c id:d", "id:e id:f"].map(pairOf);
  const found = lists(items, [answer("id:b id:a", "same"), answer("id:c id:d", "undecided"),
    answer("id:y id:z", "undecided"), answer("id:a id:b", "different")], NAMING);
  expect(found.open.map(({ id }) => id)).toEqual(["id:e id:f"]);
  expect(found.later.map(({ id, one }) => [id, one])).toEqual([
    ["id:c id:d", "https://w3id.org/sekg/id/c"], ["id:y id:z", "https://w3id.org/sekg/id/y"]]);
  expect(progress(found, keyOf)).toEqual({ done: 1, n: 4 });
  expect(addressOf("<https://example.org/a>")).toBe("https://example.org/a");
});

test("the words that no name of the other side has are marked", () => {
  expect(namesCompared(["Fundacja „Dąb”"], ["FUNDACJA DAB"])).toBe("equal");
  expect(namesCompared(["Fundacja Dąb"], ["Fundacja Klon"])).toBe("partly");
  expect(namesCompared(["Dąb"], ["Klon"])).toBe("different");
  expect(marked("Fundacja „Dąb”", ["FUNDACJA KLON"]).filter(({ isShared }) => !isShared)).toEqual(
    [{ text: "„Dąb”", isShared: false }]);
});

const place = { source: "s", status: "x", start: null, end: null, words: "w" };
const fact = (other: Term) => ({ other, predicate: "p", incoming: false, asserted: true, rule: null, disputed: false,
  single: true, places: [place], tenures: [], office: null });
const card = (key: Term, ...others: Term[]) => ({ keys: [{ labels: { en: "Seat" }, unknown: null, values: [{ value: key,
  office: null, status: null, facts: [{ ...fact(key), subject: "s", object: key, predicate: "seat" }] }] }],
  sections: [{ labels: {}, groups: [
    { labels: { en: "Seat again" }, predicate: "seat", incoming: false, facts: [fact(key)] },
    ...(others.length ? [{ labels: { en: "Signed" }, predicate: "p", incoming: true, facts: others.map(fact) }] : []),
  ] }],
}) as unknown as Card;

test("fields of both sides come first, each value with its evidence; a key fact is not repeated", () => {
  const found = fields(card({ iri: "a" }), card({ iri: "b" }, { iri: "c" }, { iri: "d" }));
  expect(found.map(({ labels, how }) => [labels.en, how])).toEqual([["Seat", "different"], ["Signed", "only"]]);
  expect(found[0]?.one).toEqual([{ term: { iri: "a" }, places: [place], isShared: false }]);
  const signed = fields(card({ iri: "a" }, { iri: "c" }), card({ iri: "a" }, { iri: "c" }, { iri: "d" }));
  expect(signed.map(({ how }) => how)).toEqual(["equal", "partly"]);
  expect(signed[1]?.other.map(({ isShared }) => isShared)).toEqual([true, false]);
});

test("a pasted address gives its token", () => {
  expect([tokenIn(" abc "), tokenIn("http://127.0.0.1:8000/#/inbox?token=x-1")]).toEqual(["abc", "x-1"]);
});
