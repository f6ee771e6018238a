/** Text without what people leave out when they type: case, accents, the stroke of ł. */

const STROKES: Record<string, string> = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe" };

export const fold = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[łøđßæœ]/g, (letter) => STROKES[letter] ?? letter);

/** Whether every word of `wanted` is somewhere in folded text. */
export const holds = (folded: string, wanted: string): boolean => fold(wanted).split(/\s+/)
  .every((word) => folded.includes(word));
