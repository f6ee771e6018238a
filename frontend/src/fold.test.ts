import { expect, test } from "vitest";
import CASES from "../../tests/folding-cases.json";
import { fold, holds } from "./fold";

test.each(Object.entries(CASES))("%j is folded as Python folds it", (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test("words are found in any order", () => {
  const text = fold("Spółdzielnia Socjalna „Zioła Siedleckie”");
  expect(holds(text, "siedleckie ziola")).toBe(true);
  expect(holds(text, "ziola mińsk")).toBe(false);
  expect(holds(text, "")).toBe(true);
});
