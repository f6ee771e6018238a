/** Text without what people leave out when they type: case, accents, letters with strokes. */

import LETTERS from "../../kgraph/base/folding.json";

const UNDECOMPOSED = new Map(Object.entries(LETTERS));

export const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^\0-~]/g, (letter) => UNDECOMPOSED.get(letter) ?? letter);

/** Whether every word of `wanted` is somewhere in folded text. */
export const holds = (folded: string, wanted: string): boolean => fold(wanted).split(/\s+/)
  .every((word) => folded.includes(word));
