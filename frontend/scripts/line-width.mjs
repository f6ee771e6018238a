/** Names the lines of the sources that are wider than 120 characters, which Biome's linter does not count; words aside. */

import { readdirSync, readFileSync } from "node:fs";

const WIDEST = 120;
const files = readdirSync("src", { recursive: true }).filter((file) => /\.(ts|css)$/.test(file) && !/^words\b/.test(file));
const wide = files.flatMap((file) => readFileSync(`src/${file}`, "utf8").split("\n")
  .flatMap((line, index) => ([...line].length > WIDEST ? [`src/${file}:${index + 1}`] : [])));
for (const place of wide) console.error(`${place}: wider than ${WIDEST} characters`);
process.exitCode = wide.length ? 1 : 0;
