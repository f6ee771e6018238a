import { expect, test } from "vitest";
import { numberOf } from "./source";

test("the number of the file with a card is that which the writer of a release computes", () => {
  expect(numberOf("https://w3id.org/sekg/id/mcps", 108)).toBe(13);
});
