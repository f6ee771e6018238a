/** The headings of a whole table, as `headings` in kgraph/graph/faceting/listing.py. */

import type { Lang } from "../api";
import { WORDS } from "./index";

export function sheetHeadings(lang: Lang): string[] {
  const { name, kind, classification, place, from, facts, sources } = WORDS[lang].table.columns;
  return ["IRI", name, kind, classification, place, from, facts, sources];
}
