/** The words of a text as search compares them; `kgraph/base/stemming.py` does the same on the server. */

import TABLE from "../../kgraph/base/stems.json";
import { fold } from "./fold";

const ENDINGS = new Map(Object.entries(TABLE.endings));
const IGNORED = new Set(TABLE.ignored);
/** The e that comes and goes in Polish: klaster and klastra. */
const FLEETING = /(?<=[^aeiouy])e(?=[rklc]$)/;

/** A folded word without its longest known ending; at least four letters stay, three for an ending of one letter. */
export function stem(word: string): string {
  for (let length = Math.min(8, word.length - 3); length > 0; length -= 1) {
    const replaced = ENDINGS.get(word.slice(-length));
    if (replaced !== undefined && word.length - length + replaced.length >= (length === 1 ? 3 : 4)) {
      return (word.slice(0, -length) + replaced).replace(FLEETING, "");
    }
  }
  return word.replace(FLEETING, "");
}

/** The folded words and numbers of a text. */
export const wordsIn = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words without question words, articles and prepositions, unless there are no others. */
export function telling(words: readonly string[]): readonly string[] {
  const found = words.filter((word) => !IGNORED.has(word));
  return found.length ? found : words;
}

/** A text with its words and their stems. */
export interface Worded {
  readonly whole: string;
  readonly words: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

export function worded(text: string): Worded {
  const words = wordsIn(text);
  return { whole: words.join(" "), words: new Set(words), stems: new Set(words.map(stem)) };
}

/** How far a word is from a text: 0 for one of its words, 1 for the beginning of one, 2 for another form, else null. */
export function closeness(word: string, { words, stems }: Worded): number | null {
  if (words.has(word)) return 0;
  for (const known of words) if (known.startsWith(word)) return 1;
  return stems.has(stem(word)) ? 2 : null;
}
