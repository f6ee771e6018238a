/** What a kind of work brings to the inbox: its items, its answers, and what stands in the two panes. */

import type { Labels, Lang, Names } from "../api";
import type { App } from "../app";
import type { Child } from "../dom";
import type { Item, Naming } from "./session";

export interface Work<I extends Item> extends Naming<I> {
  /** The name of the queue in addresses. */
  queue: string;
  /** The answers in the order of their buttons; the words of the inbox have their names and keys. */
  verdicts: readonly string[];
  title(lang: Lang): string;
  /** What is asked of each item. */
  ask(lang: Lang): string;
  /** The names of the two sides of an item. */
  sides(app: App, id: string): [string, string];
  /** What speaks for an answer, in a line. */
  about(app: App, item: I): Child;
  /** The reason in each language, which the curator may change; empty where there is none. */
  why(item: I): Labels;
  /** Asks for what the panes of an item show. */
  load(app: App, item: I): Promise<(app: App) => Child>;
}

export interface Items<I extends Item> {
  items: I[];
  names: Names;
}
