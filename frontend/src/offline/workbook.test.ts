import { expect, test } from "vitest";
import { workbook } from "./workbook";
import { crc32 } from "./zip";

test("the check sum is that of the standards", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("a workbook is an archive of equal bytes for equal rows", async () => {
  const rows = [["Nazwa", "Fakty"], ["=1+1 <żółć>", 2], [null, 0]];
  const made = await Promise.all([workbook(rows), workbook(rows)]);
  const [one, other] = await Promise.all(made.map((file) => file.arrayBuffer()));
  expect([...new Uint8Array(one!)]).toEqual([...new Uint8Array(other!)]);
  expect(new TextDecoder("latin1").decode(one!.slice(0, 2))).toBe("PK");
});
