import { expect, test } from "vitest";
import { dayInWords, dictionary, ending, inWords, precision } from "./dictionary";
import { preferred, WORDS } from "./words";

const literal = (value: string, type: string) =>
  ({ value, lang: null, datatype: `http://www.w3.org/2001/XMLSchema#${type}` });

test("dates say as much as is known of them", () => {
  expect(inWords(literal("2018-03-22", "date"), WORDS.pl)).toBe("22 marca 2018");
  expect(inWords(literal("--03-22", "gMonthDay"), WORDS.en)).toBe("22 March (year not given)");
  expect(inWords(literal("2018-03", "gYearMonth"), WORDS.en)).toBe("March 2018");
  expect(["2018-03-22", "2014-10", "2023"].map((day) => dayInWords(day, WORDS.pl)))
    .toEqual(["22 marca 2018", "październik 2014", "2023"]);
  expect(precision("http://www.w3.org/2001/XMLSchema#gMonthDay", WORDS.en)).toBe("the source does not give the year");
});

test("what is no date or number is shown as it is", () => {
  expect(inWords(literal("someday", "date"), WORDS.pl)).toBe("someday");
  expect(inWords(literal("many", "integer"), WORDS.pl)).toBe("many");
});

test("an amount has its thousands apart and all its digits", () => {
  expect(inWords(literal("1062500.43", "decimal"), WORDS.pl)).toBe("1\u00a0062\u00a0500,43");
  expect(inWords(literal("-12500.5", "decimal"), WORDS.en)).toBe("-12,500.5");
  expect(inWords(literal("92000", "decimal"), WORDS.pl)).toBe("92\u00a0000");
  expect(inWords(literal("much", "decimal"), WORDS.pl)).toBe("much");
});

test("a name in another language is better than none", () => {
  const names = dictionary();
  names.learn({ a: { pl: "Zioła" } });
  expect(names.name("a", "en")).toBe("Zioła");
  expect(names.name("https://w3id.org/sekg/id/mcps", "en")).toBe("id/mcps");
  expect(ending("http://xmlns.com/foaf/0.1/Person")).toBe("xmlns.com/foaf/0.1/Person");
});

test("both languages have the same words", () => {
  const isCounted = (value: object): boolean => "one" in value;
  const keys = (value: unknown, path = ""): string[] =>
    value && typeof value === "object" && !isCounted(value)
      ? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`))
      : [path];
  expect(keys(WORDS.en)).toEqual(keys(WORDS.pl));
});

test("a text is filled with values, numbers in the form of the language, and chosen by its number", () => {
  const { fill, found } = WORDS.pl;
  expect(fill("{from:d}–{to}, {name}", { from: 1461, to: 12345.678, name: "x" })).toBe("1461–12\u00a0345,68, x");
  expect([0, 1, 2, 5].map((n) => fill(found, { n }))).toEqual(
    ["Nic nie znaleziono", "Znaleziono: 1 element", "Znaleziono: 2 elementy", "Znaleziono: 5 elementów"]);
});

test("the language is the reader's first that we have", () => {
  expect(preferred(["de-DE", "en-US", "pl"])).toBe("en");
  expect(preferred(["de"])).toBe("pl");
});
