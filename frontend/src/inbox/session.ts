/** Which items of a queue wait, which were left for later, and which are decided. */

import type { Answer } from "./client";

export interface Item {
  id: string;
}

export const WHICH = ["open", "later", "done"] as const;
export type Which = (typeof WHICH)[number];

export interface Lists<I extends Item> {
  open: I[];
  later: I[];
  done: Answer[];
}

/** How a queue names its items: two names with one key mean one item, `item` makes it; `later` is a verdict. */
export interface Naming<I extends Item> {
  key(id: string): string;
  item(id: string): I;
  later: string;
}

/** The items by their answers in the file; items keep their order, and answers that of the file. */
export function lists<I extends Item>(items: readonly I[], answers: readonly Answer[], { key, item, later }: Naming<I>,
): Lists<I> {
  const known = new Map(items.map((one) => [key(one.id), one]));
  const answered = new Set(answers.map((one) => key(one.item)));
  return {
    open: items.filter(({ id }) => !answered.has(key(id))),
    later: answers.filter((one) => one.verdict === later).map((one) => known.get(key(one.item)) ?? item(one.item)),
    done: answers.filter((one) => one.verdict !== later),
  };
}

/** How many items are decided, of how many. */
export function progress({ open, later, done }: Lists<Item>, key: (id: string) => string): { done: number; n: number } {
  const decided = new Set(done.map((one) => key(one.item))).size;
  return { done: decided, n: decided + open.length + later.length };
}
