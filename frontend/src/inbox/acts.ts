/** What a curator does in the inbox: move, answer, take back; and what the server says to it. */

import type { Refused } from "../api";
import type { App } from "../app";
import { inboxWords } from "../words/inbox";
import { type Given, type State, saidIn } from "./client";
import { curator, type Desk, focusItem, listsOf, mayWrite, present, progressIn, refusal } from "./desk";
import type { Item } from "./session";
import { token } from "./token";

export function go<I extends Item>(desk: Desk<I>, steps: number): void {
  const { waiting } = present(desk);
  const to = desk.at + steps;
  if (to < 0 || to >= waiting.length) return;
  Object.assign(desk, { at: to, why: null, notice: null });
  desk.redraw();
  desk.element.scrollTop = 0;
  focusItem(desk);
}

export async function answer<I extends Item>(desk: Desk<I>, verdict: string): Promise<void> {
  const { app, work } = desk;
  const { item } = present(desk);
  if (!item || desk.which === "done") return;
  if (!mayWrite(desk)) return document.getElementById("entered")?.focus();
  const typed = desk.why?.trim();
  const why = desk.why === null ? work.why(item) : typed ? { [app.lang()]: typed } : {};
  if (!Object.values(why).some(Boolean)) {
    desk.notice = { text: (shown) => inboxWords(shown.lang()).whyNeeded, isTrouble: true };
    desk.redraw();
    return document.getElementById("why")?.focus();
  }
  const seen = desk.state?.answers.find((one) => work.key(one.item) === work.key(item.id))?.tag ?? null;
  const given: Given = { item: item.id, verdict, by: curator(desk), why, seen };
  await write(desk, item.id, () => desk.client.answer(given), () => {
    desk.answered.push(item.id);
    desk.why = null;
    if (verdict === work.later && desk.which === "later") desk.at += 1;
    return (shown) => {
      const words = inboxWords(shown.lang());
      const said = words.verdicts[verdict as keyof typeof words.verdicts] ?? verdict;
      return shown.words().fill(words.written, { verdict: said, progress: progressIn(desk, shown) });
    };
  });
}

/** Takes back the last answer of this page, and shows its item again. */
export async function undoLast<I extends Item>(desk: Desk<I>): Promise<void> {
  const { work } = desk;
  const last = desk.answered.at(-1);
  const found = desk.state?.answers.find((one) => last !== undefined && work.key(one.item) === work.key(last));
  if (last === undefined || !found) {
    desk.notice = { text: (app) => inboxWords(app.lang()).nothingToUndo, isTrouble: false };
    desk.answered = [];
    return desk.redraw();
  }
  await undo(desk, last, found.tag);
}

export async function undo<I extends Item>(desk: Desk<I>, item: string, tag: string): Promise<void> {
  const { work } = desk;
  if (!mayWrite(desk)) return document.getElementById("entered")?.focus();
  await write(desk, item, () => desk.client.undo(item, tag), () => {
    const last = desk.answered.findLastIndex((one) => work.key(one) === work.key(item));
    if (last >= 0) desk.answered.splice(last, 1);
    if (desk.which !== "done") show(desk, item);
    return (app) => app.words().fill(inboxWords(app.lang()).undone, { progress: progressIn(desk, app) });
  });
}

/** Shows an item in the list in which it is now. */
function show<I extends Item>(desk: Desk<I>, id: string): void {
  const { work } = desk;
  const found = listsOf(desk);
  for (const which of ["open", "later"] as const) {
    const at = found[which].findIndex((one) => work.key(one.id) === work.key(id));
    if (at >= 0) Object.assign(desk, { which, at, why: null });
  }
}

/** Sends a write. What the file says afterwards is shown; a refusal is told, and nothing of the page is lost. */
async function write<I extends Item>(desk: Desk<I>, item: string, send: () => Promise<State>,
    done: () => (app: App) => string): Promise<void> {
  if (desk.isBusy) return;
  desk.isBusy = true;
  try {
    desk.state = await send();
    desk.notice = null;
    const text = done();
    desk.notice = { text, isTrouble: false };
    desk.redraw();
    desk.element.scrollTop = 0;
    focusItem(desk);
  } catch (error) {
    await refused(desk, item, refusal(error));
  } finally {
    desk.isBusy = false;
  }
}

async function refused<I extends Item>(desk: Desk<I>, item: string, error: Refused): Promise<void> {
  const isToken = error.problem.status === 401;
  if (isToken) token.drop();
  const before = JSON.stringify(desk.state?.answers);
  const state = await desk.client.read().catch(() => null);
  if (state) desk.state = state;
  const isChanged = state !== null && before !== JSON.stringify(state.answers);
  desk.notice = { isTrouble: true, text: (app) => {
    const words = inboxWords(app.lang());
    const said = isToken ? words.refused
      : error.code === "unreachable" ? app.words().trouble.unreachable : saidIn(error, app.lang());
    const told = app.words().fill(words.notWritten, { item: desk.work.sides(app, item).join(" – "), said });
    return `${told}${/[.?!]$/.test(told) ? "" : "."}${isChanged ? ` ${words.changedElsewhere}` : ""}`;
  } };
  desk.redraw();
  desk.element.scrollTop = 0;
  if (isToken) document.getElementById("entered")?.focus();
  else focusItem(desk);
}

export function onKey<I extends Item>(desk: Desk<I>, event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !desk.state) return;
  const { keys } = inboxWords(desk.app.lang());
  const act: Record<string, () => unknown> = {
    [keys.undo]: () => undoLast(desk),
    [keys.why]: () => document.getElementById("why")?.focus(),
    ArrowRight: () => go(desk, 1),
    ArrowLeft: () => go(desk, -1),
    ...Object.fromEntries(desk.work.verdicts.map((name) =>
      [keys[name as keyof typeof keys], () => answer(desk, name)])),
  };
  const chosen = act[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!chosen) return;
  event.preventDefault();
  void chosen();
}
