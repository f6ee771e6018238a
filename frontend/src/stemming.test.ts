import { expect, test } from "vitest";
import CASES from "../../tests/stemming-cases.json";
import { closeness, stem, telling, worded, wordsIn } from "./stemming";

test.each(Object.entries(CASES))("%j has the stem that Python gives it", (word, found) => {
  expect(stem(word)).toBe(found);
});

test("a word is near to its own form, then to what it begins, then to other forms", () => {
  const text = worded("Klaster w Siedlcach");
  expect(["klaster", "kla", "klastra", "owes"].map((word) => closeness(word, text))).toEqual([0, 1, 2, null]);
});

test("question words count only when there are no others", () => {
  expect(telling(wordsIn("Kto założył klaster?"))).toEqual(["zalozyl", "klaster"]);
  expect(telling(wordsIn("kto"))).toEqual(["kto"]);
});
