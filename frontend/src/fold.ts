/** Folding of text for search: no case, accents or letters with strokes. */

import LETTERS from "../../kgraph/base/folding.json";

const UNDECOMPOSED = new Map(Object.entries(LETTERS));

export const fold = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^ -~]/g, (letter) => UNDECOMPOSED.get(letter) ?? letter);

/** Whether folded text contains every word of `wanted`. */
export const holds = (folded: string, wanted: string): boolean =>
  fold(wanted).split(/\s+/).every((word) => folded.includes(word));
