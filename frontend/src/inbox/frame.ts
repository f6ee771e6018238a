/** The frame of every curators' work: a queue, two panes, answers by key, undo, progress, and what goes wrong. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { Labels, Names } from "../api";
import type { App } from "../app";
import { called } from "../dictionary";
import { el } from "../dom";
import { loading } from "../views/loading";
import type { View } from "../views/view";
import { inboxWords } from "../words/inbox";
import { answer, go, onKey, undo, undoLast } from "./acts";
import { client, saidIn } from "./client";
import {
  type Button, curator, type Desk, focusItem, listsOf, mayWrite, nameCurator, present, refusal, whyOf,
} from "./desk";
import { type Item, progress, WHICH, type Which } from "./session";
import { token } from "./token";
import type { Items, Work } from "./work";

const ARROWS: Record<string, string> = { "→": "ArrowRight", "←": "ArrowLeft" };

export function frame<I extends Item>(app: App, work: Work<I>): View {
  const element = el("section", { class: "page inbox" });
  const place = el("div", { class: "compared" });
  const desk: Desk<I> = {
    app, work, client: client(work.queue), element, panes: place, show: loading(app, place), items: [], state: null,
    which: "open", at: 0, drawn: "", why: null, notice: null, answered: [], isBusy: false, redraw: () => draw(desk),
  };
  element.addEventListener("keydown", (event) => onKey(desk, event));
  void begin(desk);
  return {
    element,
    update(state, before) {
      if (state.lang !== before.lang && desk.state) draw(desk);
    },
  };
}

async function begin<I extends Item>(desk: Desk<I>): Promise<void> {
  const { app, element } = desk;
  render(html`<p class="waiting">${app.words().loading}</p>`, element);
  try {
    const [{ items, names }, state] = await Promise.all([desk.client.items<Items<I>>(), desk.client.read()]);
    know(desk, items, names);
    desk.state = state;
    draw(desk);
    focusItem(desk);
  } catch (error) {
    render(unread(desk, error), element);
  }
}

function know<I extends Item>(desk: Desk<I>, items: readonly I[], names: Names): void {
  desk.app.dictionary.learn(names);
  desk.items = items;
}

/** A queue that cannot be read, as when the file is broken: what the server says, and a button to try again. */
function unread<I extends Item>(desk: Desk<I>, error: unknown): TemplateResult {
  const { app } = desk;
  const words = refusal(error);
  const said = saidIn(words, app.lang());
  if (!said || !words.problem.words) return html`${app.trouble(error, () => void begin(desk))}`;
  return html`<div class="trouble" role="alert"><p>${said}</p>
    <button @click=${() => void begin(desk)}>${app.words().again}</button></div>`;
}

function draw<I extends Item>(desk: Desk<I>): void {
  const { app, element, which } = desk;
  const words = inboxWords(app.lang());
  const { waiting, item } = present(desk);
  const empty = html`<p class="nothing">${which === "open" ? words.nothingOpen : words.nothingHere}</p>`;
  render(html`
    ${headOf(desk)}
    ${outcome(desk)}
    <div class="notices" aria-live="assertive">${noticeOf(desk)}</div>
    ${mayWrite(desk) ? nothing : entry(desk)}
    ${which === "done" ? doneList(desk) : item ? itemOf(desk, item, waiting.length) : empty}`, element);
  const key = item && which !== "done" ? `${item.id} ${app.lang()}` : "";
  if (key !== desk.drawn && item && key) {
    void desk.show(() => desk.work.load(app, item), (shown) => shown(app));
    const next = waiting[desk.at + 1];
    if (next) desk.work.load(app, next).catch(() => undefined);
  }
  desk.drawn = key;
}

function headOf<I extends Item>(desk: Desk<I>): TemplateResult {
  const { app, work, which } = desk;
  const words = inboxWords(app.lang());
  const { fill } = app.words();
  const found = listsOf(desk);
  const { done, n } = progress(found, work.key);
  const choose = (to: Which) => (): void => {
    Object.assign(desk, { which: to, at: 0, why: null });
    draw(desk);
  };
  return html`<div class="inbox-head">
    <h2 tabindex="-1">${work.title(app.lang())}</h2>
    <div class="progress"><progress max=${n || 1} value=${done} aria-label=${work.title(app.lang())}></progress>
      <span id="progress">${fill(words.progress, { done, n })}</span>
      <span class="soft">${fill(words.laterCount, { n: found.later.length })}</span></div>
    <div class="segmented" role="group" aria-label=${words.which}>${WHICH.map((name) => html`<button
      id=${`list-${name}`} aria-pressed=${String(which === name)} @click=${choose(name)}
      >${fill(words.lists[name], { n: found[name].length })}</button>`)}</div>
    ${curator(desk) ? html`<p class="soft">${fill(words.deciding, { name: curator(desk) })}
      <button class="plain" id="change-name" @click=${() => forget(desk)}>${words.changeName}</button></p>` : nothing}
  </div>`;
}

function noticeOf<I extends Item>({ app, notice, state }: Desk<I>): TemplateResult {
  const words = inboxWords(app.lang());
  const problems = state?.problems ?? [];
  return html`${notice ? html`<p class=${notice.isTrouble ? "trouble" : "box"}>${notice.text(app)}</p>` : nothing}
    ${problems.length ? html`<div class="trouble"><h3>${words.fileWrong}</h3><ul>${problems.map((said: Labels) =>
      html`<li>${called(said, app.lang())}</li>`)}</ul></div>` : nothing}`;
}

/** What is missing before a curator can write: the token, else the name. */
function entry<I extends Item>(desk: Desk<I>): TemplateResult {
  const words = inboxWords(desk.app.lang());
  const [ask, label, type, keep] = token.get()
    ? [words.whoAsk, words.whoLabel, "text", nameCurator] as const
    : [words.tokenAsk, words.tokenLabel, "password", token.set] as const;
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("entered") as HTMLInputElement;
    const given = field.value.trim();
    if (!given) {
      field.focus();
      return;
    }
    keep(given);
    field.value = "";
    desk.notice = null;
    draw(desk);
    if (mayWrite(desk)) focusItem(desk);
    else document.getElementById("entered")?.focus();
  };
  return html`<form class="entry box" @submit=${send}><p>${ask}</p>
    <div class="field"><label for="entered">${label}</label>
      <input id="entered" name="entered" type=${type} maxlength="200"
        autocomplete=${type === "text" ? "name" : "off"}></div>
    <button class="main">${words.begin}</button></form>`;
}

function forget<I extends Item>(desk: Desk<I>): void {
  nameCurator("");
  draw(desk);
  document.getElementById("entered")?.focus();
}

function itemOf<I extends Item>(desk: Desk<I>, item: I, n: number): TemplateResult {
  const { app, work } = desk;
  const words = inboxWords(app.lang());
  const { fill } = app.words();
  return html`<article id="item" tabindex="-1" aria-labelledby="item-title">
    <h3 id="item-title">${work.ask(app.lang())} <span class="unseen">${work.sides(app, item.id).join(" – ")}</span>
      <span class="soft">${fill(words.position, { at: desk.at + 1, n })}</span></h3>
    ${work.about(app, item)}
    ${desk.panes}
    ${answersOf(desk, item, n)}
  </article>`;
}

function answersOf<I extends Item>(desk: Desk<I>, item: I, n: number): TemplateResult {
  const { app, work } = desk;
  const words = inboxWords(app.lang());
  const type = ({ currentTarget }: Event): void => { desk.why = (currentTarget as HTMLInputElement).value; };
  const end = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    focusItem(desk);
  };
  const button = (name: Button, act: () => void, isOff: boolean): TemplateResult => html`<button
    id=${`answer-${name}`} class=${name === work.verdicts[0] ? "main" : ""} aria-disabled=${isOff ? "true" : nothing}
    aria-keyshortcuts=${ARROWS[words.keys[name]] ?? words.keys[name]} @click=${act}
    ><span class="text">${words.answers[name]}</span>
    <kbd aria-hidden="true">${words.keys[name].toUpperCase()}</kbd></button>`;
  return html`<div class="answers">
    <div class="field wide">
      <label for="why">${words.whyLabel} <kbd aria-hidden="true">${words.keys.why.toUpperCase()}</kbd></label>
      <input id="why" maxlength="2000" .value=${whyOf(desk, item)} @input=${type} @keydown=${end}></div>
    <div class="segmented">${work.verdicts.map((name) => button(name as Button,
      () => void answer(desk, name), !mayWrite(desk)))}
      ${button("undo", () => void undoLast(desk), !desk.answered.length)}
      ${button("previous", () => go(desk, -1), desk.at === 0)}
      ${button("next", () => go(desk, 1), desk.at >= n - 1)}</div>
    <p class="soft keys-help">${keysHelp(desk)}</p>
  </div>`;
}

function keysHelp<I extends Item>({ app, work }: Desk<I>): string {
  const words = inboxWords(app.lang());
  const names = [...work.verdicts, "undo", "why", "next", "previous"] as (Button)[];
  const keys = names.map((name) => `${words.keys[name].toUpperCase()} – ${words.answers[name].toLowerCase()}`);
  return app.words().fill(words.keysHelp, { keys: keys.join(", ") });
}

function doneList<I extends Item>(desk: Desk<I>): TemplateResult {
  const { app, work } = desk;
  const words = inboxWords(app.lang());
  const { done } = listsOf(desk);
  if (!done.length) return html`<p class="nothing">${words.nothingHere}</p>`;
  return html`<ul class="decided" id="item" tabindex="-1">${done.map(({ item, verdict, by, day, why, tag }, at) => {
    const said = words.verdicts[verdict as keyof typeof words.verdicts] ?? verdict;
    return html`<li><div><strong>${work.sides(app, item).join(" – ")}</strong>
      <p>${app.words().fill(words.decisionBy, { verdict: said, by: by || "?", day: day || "?" })}</p>
      <p class="soft">${called(why, app.lang())}</p></div>
      <button id=${`take-back-${at}`} class="small" aria-disabled=${mayWrite(desk) ? nothing : "true"}
        aria-label=${`${words.takeBack}: ${work.sides(app, item).join(" – ")}`}
        @click=${() => void undo(desk, item, tag)}>${words.takeBack}</button></li>`;
  })}</ul>`;
}

/** What happens with the answers: where they are written, and how the graph comes to show them. */
function outcome<I extends Item>({ app, state }: Desk<I>): TemplateResult {
  const words = inboxWords(app.lang());
  const { file = "", command = "" } = state ?? {};
  return html`<p class="outcome soft">${app.words().fill(command ? words.unbuilt : words.rebuilt, { file })}
    ${command ? html`<code>${command}</code>` : nothing}</p>`;
}
