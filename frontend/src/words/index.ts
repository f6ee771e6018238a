/** The words of the page by language, and the language that a browser asks for. */

import type { Lang } from "../api";
import { en } from "./en";
import { pl, type Words } from "./pl";

export type { Words };

export const WORDS: Record<Lang, Words> = { pl, en };

/** The first of the reader's languages that we have; Polish when there is none. */
export function preferred(languages: readonly string[]): Lang {
  for (const language of languages) {
    const lang = language.slice(0, 2).toLowerCase();
    if (lang === "pl" || lang === "en") return lang;
  }
  return "pl";
}
