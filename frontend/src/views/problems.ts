/** A bar with the problems and hints of a data folder that the server watches, and a button when its data is new. */

import { html, nothing, render } from "lit-html";
import type { Lang } from "../api";
import type { App } from "../app";
import { el } from "../dom";

const EVERY = 1500;

interface Found {
  where: string;
  node: string;
  page: string;
  words: Record<Lang, string>;
}
interface Verdict {
  graph: number;
  problems: Found[];
  hints: Found[];
}

/** Puts the bar above the footer and asks the server again and again. */
export function watch(app: App, before: Element): void {
  const bar = el("aside", { class: "watched" });
  before.before(bar);
  let first: number | null = null;
  let last: Verdict | null = null;
  const draw = (): void => {
    if (!last) return;
    first ??= last.graph;
    render(shown(app, last, last.graph !== first), bar);
  };
  const ask = async (): Promise<void> => {
    const answer = await fetch("problems", { headers: { accept: "application/json" } }).catch(() => null);
    if (answer?.ok) last = await answer.json() as Verdict;
    draw();
    setTimeout(() => void ask(), EVERY);
  };
  app.store.listen(draw);
  void ask();
}

function shown(app: App, { problems, hints }: Verdict, isNew: boolean) {
  const { fill, watched } = app.words();
  const list = (name: string, found: readonly Found[]) => found.length === 0 ? nothing : html`<ul class=${name}>
    ${found.map(({ where, node, page, words }) => {
      const [path, line] = page.split("#");
      const address = `${path}?lang=${app.lang()}${line ? `#${line}` : ""}`;
      return html`<li><a href=${address} target="_blank">${where || node}</a> ${where ? node : ""}
        ${words[app.lang()]}</li>`;
    })}</ul>`;
  return html`<details ?open=${problems.length > 0}>
      <summary>${fill(watched.problems, { n: problems.length })} · ${fill(watched.hints, { n: hints.length })}
        ${problems.length > 0 ? watched.stays : ""}</summary>
      ${list("problems", problems)}${list("hints", hints)}
    </details>
    ${isNew ? html`<button id="new-data" @click=${() => location.reload()}>${watched.newData}</button>` : nothing}`;
}
