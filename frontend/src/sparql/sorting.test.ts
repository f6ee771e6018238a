import { expect, test } from "vitest";
import type { Term } from "../api";
import { labelColumn, numeric } from "./charted";
import { AS_GIVEN, arranged, nextOrder } from "./sorting";

const text = (value: string): Term => ({ value, lang: null, datatype: "http://www.w3.org/2001/XMLSchema#string" });
const number = (value: number): Term =>
  ({ value: String(value), lang: null, datatype: "http://www.w3.org/2001/XMLSchema#integer" });
const ROWS = [[text("Łąka"), number(10)], [text("Zioła"), number(9)], [text("Bór"), null]];
const names = (column: number, isDown: boolean, filter = ""): string[] =>
  arranged(ROWS, { column, isDown }, filter, (term) => ("iri" in term ? term.iri : term.value), "pl-PL")
    .map(([first]) => (first as { value: string }).value);

test("rows are sorted by number or by the alphabet of the language, empty cells last", () => {
  expect(names(-1, false)).toEqual(["Łąka", "Zioła", "Bór"]);
  expect(names(0, false)).toEqual(["Bór", "Łąka", "Zioła"]);
  expect(names(1, false)).toEqual(["Zioła", "Łąka", "Bór"]);
  expect(names(1, true)).toEqual(["Łąka", "Zioła", "Bór"]);
});

test("rows are filtered by folded words", () => {
  expect(names(-1, false, "laka")).toEqual(["Łąka"]);
  expect(names(-1, false, "ziola 9")).toEqual(["Zioła"]);
});

test("a heading sorts up, then down, then as the query does", () => {
  const up = nextOrder(AS_GIVEN, 1);
  expect([up, nextOrder(up, 1), nextOrder(nextOrder(up, 1), 1)]).toEqual(
    [{ column: 1, isDown: false }, { column: 1, isDown: true }, AS_GIVEN]);
});

test("a chart has a column of numbers and one of names", () => {
  const answer = { columns: ["name", "n"], rows: ROWS, truth: null, isGraph: false, isCut: false, text: "" };
  expect(numeric(answer)).toEqual([1]);
  expect(labelColumn(answer, 1)).toBe(0);
  expect(numeric({ ...answer, rows: [[text("a"), null]] })).toEqual([]);
});
