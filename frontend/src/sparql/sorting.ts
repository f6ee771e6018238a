/** The rows of an answer in the order and with the words that a reader asks for. */

import type { Term } from "../api";
import { isIri } from "../dictionary";
import { fold, holds } from "../fold";
import type { Answer } from "./answer";

type Row = Answer["rows"][number];

const NUMBERS = new Set(["integer", "decimal", "double", "float", "nonNegativeInteger", "gYear", "int", "long"]
  .map((name) => `http://www.w3.org/2001/XMLSchema#${name}`));

export interface Order {
  /** The column that rows are sorted by, -1 for the order of the query. */
  readonly column: number;
  readonly isDown: boolean;
}

export const AS_GIVEN: Order = { column: -1, isDown: false };

/** The number of a literal; null for any other term. */
export function numberOf(term: Term | null | undefined): number | null {
  if (!term || isIri(term) || !NUMBERS.has(term.datatype)) return null;
  return Number.isFinite(Number(term.value)) ? Number(term.value) : null;
}

/** The next order when the heading of a column is chosen: up, down, as given. */
export function nextOrder({ column, isDown }: Order, chosen: number): Order {
  if (column !== chosen) return { column: chosen, isDown: false };
  return isDown ? AS_GIVEN : { column, isDown: true };
}

/** The rows whose texts hold each word, in an order; empty cells come last. */
export function arranged(rows: readonly Row[], { column, isDown }: Order, filter: string,
    textOf: (term: Term) => string, locale: string): Row[] {
  const wanted = filter.trim();
  const fits = (row: Row): boolean => holds(fold(row.map((term) => (term ? textOf(term) : "")).join(" ")), wanted);
  const found = wanted ? rows.filter(fits) : [...rows];
  if (column < 0) return found;
  const collator = new Intl.Collator(locale, { numeric: true });
  const keyed = found.map((row) =>
    ({ row, number: numberOf(row[column]), text: row[column] ? textOf(row[column]) : null }));
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]): number => {
    if (a.text === null || b.text === null) return Number(a.text === null) - Number(b.text === null);
    const way = a.number !== null && b.number !== null ? a.number - b.number : collator.compare(a.text, b.text);
    return isDown ? -way : way;
  };
  return keyed.sort(compare).map(({ row }) => row);
}
