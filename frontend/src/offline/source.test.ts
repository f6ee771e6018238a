import { expect, test } from "vitest";
import { initialOf } from "./source";

test("reasons are filed by the first character of a slug, which is percent-encoded whole", () => {
  expect(initialOf("https://w3id.org/sekg/id/mcps")).toBe("id/m");
  expect(initialOf("https://w3id.org/sekg/id/łódź")).toBe("id/%C5%82");
  expect(initialOf("https://w3id.org/sekg/id/𐐀b")).toBe("id/%F0%90%90%80");
});
