import { expect, test } from "vitest";
import { classesAt } from "./context";
import { edits, nearest } from "./nearest";
import { reasonOf } from "./reason";

const SE = "https://w3id.org/sekg/ns#";
const at = (text: string): string[] | null => classesAt(text, text.length, { se: SE });

test("after a subject the classes that the query gives it are known", () => {
  expect(at("SELECT * { ?x a se:Cluster . ?x ")).toEqual([`${SE}Cluster`]);
  expect(at("SELECT * { ?x a se:Cluster ; ")).toEqual([`${SE}Cluster`]);
  expect(at("SELECT * { ?x a se:Cluster, se:Event . ?y a se:Agreement . ?x "))
    .toEqual([`${SE}Cluster`, `${SE}Event`]);
  expect(at("SELECT * { ?x a <x:y> . ?z ")).toEqual([]);
});

test("elsewhere no property is wanted", () => {
  for (const text of ["SELECT ", "SELECT * { ", "SELECT * { ?x a ", "SELECT * { se:a "]) expect(at(text)).toBeNull();
});

test("a class written after the place counts too", () => {
  const text = "SELECT * { ?x  . ?x a se:Cluster }";
  expect(classesAt(text, text.indexOf(" .") , { se: SE })).toEqual([`${SE}Cluster`]);
});

test("the nearest known terms, swapped letters as one edit", () => {
  expect(edits("se:Clutser", "se:Cluster")).toBe(1);
  expect(nearest("se:Clutser", ["se:Cluster", "se:Agreement"])).toEqual(["se:Cluster"]);
  expect(nearest("se:qqqqqqqq", ["se:Cluster"])).toEqual([]);
});

const why = (text: string, place: number | null = null) => {
  const found = reasonOf(text, place);
  return found && [found.code, text.slice(found.from, found.to), ...found.meant];
};

test("the reason of a mistake and its place", () => {
  expect(why("SELEC ?x WHERE { ?x a ?y }")?.slice(0, 3)).toEqual(["misspelt", "SELEC", "SELECT"]);
  expect(why("SELECT ?x WHERE { ?x a ?y FILTR(?x) }")?.slice(0, 3)).toEqual(["misspelt", "FILTR", "FILTER"]);
  expect(why("SELECT ?x WHERE { ?x a ?y")).toEqual(["unclosed", "{"]);
  expect(why("SELECT ?x WHERE { ?x a ?y } }")).toEqual(["unopened", "}"]);
  expect(why('SELECT ?x WHERE { ?x ?p "one }')).toEqual(["openText", '"']);
  expect(why("?x a ?y")).toEqual(["noForm", "?x"]);
  expect(why("SELECT ?x ?y")).toEqual(["noBraces", "y"]);
  const stop = "SELECT * { ?x a se:Cluster ?y a se:Event }";
  for (const place of ["?y", "a se:Event"]) {
    expect(why(stop, stop.indexOf(place))).toEqual(["noStop", "?y", ". ?y"]);
  }
});
