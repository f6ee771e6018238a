import { expect, test } from "vitest";
import { fold, holds } from "./fold";

test("Polish letters are found without their marks", () => {
  expect(fold("Zażółć Gęślą ŁÓDŹ")).toBe("zazolc gesla lodz");
});

test("words are found in any order", () => {
  const text = fold("Spółdzielnia Socjalna „Zioła Siedleckie”");
  expect(holds(text, "siedleckie ziola")).toBe(true);
  expect(holds(text, "ziola mińsk")).toBe(false);
  expect(holds(text, "")).toBe(true);
});
