import { expect, test } from "vitest";
import { csv } from "./csv";

test("cells with commas, quotes or line ends are quoted, everything else is kept byte for byte", () => {
  expect(csv([["name", "n"], ["Zioła, „A”", 3], ['say "yes"', null], ["=1+1", 0], ["two\nlines", 1]])).toBe(
    'name,n\r\n"Zioła, „A”",3\r\n"say ""yes""",\r\n=1+1,0\r\n"two\nlines",1\r\n',
  );
});
