import { expect, test } from "vitest";
import { finder, type Ranked } from "./search";

const named = (iri: string, name: string, rank = 0): Ranked =>
  ({ iri, name, kind: "k", labels: { pl: name }, rank, years: [] });
const NAMES = [
  named("ziola", "Spółdzielnia Socjalna „Zioła Siedleckie”"), named("ziola", "Zioła Siedleckie Social Co-operative"),
  named("siedlce", "Siedlce", 1), named("powiat", "powiat siedlecki", 1),
  named("cis", "Centrum Integracji Społecznej w Siedlcach"),
  named("integration", "integracja społeczna", 2), named("lodz", "Łódź", 1),
];
const find = finder(NAMES);
const iris = (text: string, limit = 20): string[] => find(text, limit).map(({ iri }) => iri);

test("beginnings of words find a name, without diacritics, in any order, each thing once", () => {
  expect(iris("ziola")).toEqual(["ziola"]);
  expect(iris("SIEDL zio")).toEqual(["ziola"]);
  expect(iris("lodz")).toEqual(["lodz"]);
});

test("the whole name comes first, then agents before places before the rest", () => {
  expect(iris("siedlce")[0]).toBe("siedlce");
  expect(iris("integr")).toEqual(["cis", "integration"]);
  expect(iris("siedl")).toEqual(["ziola", "cis", "siedlce", "powiat"]);
});

test("the name that matched is given, and no more things than asked", () => {
  expect(find("ziola social", 20)[0]).toEqual({ iri: "ziola", name: "Zioła Siedleckie Social Co-operative", kind: "k",
    guessed: false, labels: { pl: "Zioła Siedleckie Social Co-operative" } });
  expect(iris("s", 2)).toHaveLength(2);
});

test("a slip of the finger still finds it; something else finds nothing", () => {
  expect(iris("siedleckei")[0]).toBe("powiat");
  expect(iris("integracij")).toEqual(["integration", "cis"]);
  expect(iris("integrcaja spoleczna")[0]).toBe("integration");
  expect(iris("xyzzy")).toEqual([]);
});

test("signs alone find nothing, and do no harm", () => {
  expect(iris("„”*()\"'")).toEqual([]);
  expect(iris("")).toEqual([]);
});
