/** The state of the inbox, and what follows from it. */

import { Refused } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { memory } from "../memory";
import type { Show } from "../views/loading";
import { inboxWords } from "../words/inbox";
import type { Client, State } from "./client";
import { type Item, type Lists, lists, progress, type Which } from "./session";
import { token } from "./token";
import type { Work } from "./work";

const CURATOR = "curator";

/** A notice above the item; an answer that met another one can be sent again in its place. */
export interface Notice {
  text: (app: App) => string;
  isTrouble: boolean;
}

export type Button = keyof ReturnType<typeof inboxWords>["answers"] & string;

/** The one state of the inbox. */
export interface Desk<I extends Item> {
  readonly app: App;
  readonly work: Work<I>;
  readonly client: Client;
  readonly element: HTMLElement;
  readonly panes: HTMLElement;
  readonly show: Show;
  items: readonly I[];
  state: State | null;
  which: Which;
  at: number;
  /** The id and language of the item in the panes. */
  drawn: string;
  /** The reason that the curator has typed for the present item; null for the proposed one. */
  why: string | null;
  notice: Notice | null;
  /** The items that were answered on this page, the last at the end. */
  answered: string[];
  isBusy: boolean;
  /** Draws what has changed. */
  redraw(): void;
}

export const listsOf = <I extends Item>({ items, state, work }: Desk<I>): Lists<I> =>
  lists(items, state?.answers ?? [], work);

/** The items of the chosen list, and the present one. */
export function present<I extends Item>(desk: Desk<I>): { waiting: readonly I[]; item: I | undefined } {
  const found = listsOf(desk);
  const waiting = desk.which === "later" ? found.later : found.open;
  desk.at = Math.max(0, Math.min(desk.at, waiting.length - 1));
  return { waiting, item: waiting[desk.at] };
}

export const curator = <I extends Item>({ state }: Desk<I>): string => memory.get(CURATOR) ?? state?.curator ?? "";
export const mayWrite = <I extends Item>(desk: Desk<I>): boolean => Boolean(token.get() && curator(desk));

export const nameCurator = (name: string): void => memory.set(CURATOR, name);

export const whyOf = <I extends Item>({ app, work, why }: Desk<I>, item: I): string =>
  why ?? called(work.why(item), app.lang()) ?? "";

export const progressIn = <I extends Item>(desk: Desk<I>, app: App): string => {
  const { done, n } = progress(listsOf(desk), desk.work.key);
  return app.words().fill(inboxWords(app.lang()).progress, { done, n });
};

export function focusItem<I extends Item>({ element, app }: Desk<I>): void {
  const item = element.querySelector<HTMLElement>("#item") ?? element.querySelector<HTMLElement>("h2");
  if (app.state().thing) return; // a card is open, which keeps the focus
  item?.focus({ preventScroll: true });
}

export const refusal = (error: unknown): Refused =>
  (error instanceof Refused ? error : new Refused("broken", String(error)));
