/** The tools of the network view: start, undo and redo, list, files, zoom. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import { isRegion } from "../api";
import { el } from "../dom";
import { sizes } from "../graph";
import type { State } from "../state";
import { menu } from "../views/components";
import { share } from "../views/share";
import { insets, isListed, type NetworkParts } from "./parts";

const FORMATS = ["png", "svg", "gexf", "graphml"] as const;

export function showTools(parts: NetworkParts): void {
  const { app, elements, canDraw } = parts;
  const words = app.words();
  const { store } = app;
  elements.toolbar.setAttribute("aria-label", words.picture);
  render(
    html`<div class="segmented" role="group" aria-label=${words.start}>${starts(parts)}</div>
    <div class="tools">
      ${icon("undo", words.undo, "↶", store.undo, !store.canUndo())}
      ${icon("redo", words.redo, "↷", store.redo, !store.canRedo())}
      <button id="as-list" aria-pressed=${isListed(parts)} ?disabled=${!canDraw}
        @click=${() => store.adjust({ list: !app.state().list })}>${words.asList}</button>
      ${menus(parts)}
    </div>
    <p class="showing" role="status">${shown(parts)}</p>`,
    elements.toolbar,
  );
  render(
    html`${icon("zoom-in", words.closer, "+", () => parts.picture?.zoom(0.7))}
    ${icon("zoom-out", words.farther, "−", () => parts.picture?.zoom(1.4))}
    ${icon("zoom-fit", words.fit, "⤢", () => parts.picture?.fit(null, insets(parts), true))}`,
    elements.zoom,
  );
}

/** How much the picture shows; of groups, how much they hold. */
function shown({ app, visible }: NetworkParts): string {
  const words = app.words();
  const { graph, isGrouped } = app.exploration;
  if (!isGrouped() || typeof app.state().start === "object") return words.showing(...sizes(graph, visible));
  const held = [...visible.nodes].filter(isRegion).map((iri) => graph.getNodeAttribute(iri, "holds") ?? 0);
  const total = held.reduce((sum, one) => sum + one, 0).toLocaleString(words.locale);
  return words.fill(words.groups.total, { total });
}

const icon = (id: string, title: string, text: string, act: () => void, isOff = false): TemplateResult =>
  html`<button id=${id} class="icon" title=${title} aria-label=${title} ?disabled=${isOff} @click=${act}
    >${text}</button>`;

function starts({ app }: NetworkParts): unknown[] {
  const words = app.words();
  const { start } = app.state();
  const begin = (value: State["start"]) => (): void =>
    app.store.step({ start: value, expanded: [], chain: null, fact: null });
  const choice = (name: "overview" | "whole", text: string): TemplateResult =>
    html`<button id=${`start-${name}`} aria-pressed=${start === name} @click=${begin(name)}>${text}</button>`;
  const focus = typeof start === "object"
    && html`<span class="focus-name">${words.fill(words.focusOn, { name: app.name(start.focus) })}</span>`;
  return [choice("overview", words.overview), choice("whole", words.whole), focus || nothing];
}

/** The menus, remade only for another language or frame, so that an open one stays open. */
function menus(parts: NetworkParts): unknown[] {
  const { lang, embedded } = parts.app.state();
  const form = `${lang} ${embedded}`;
  if (parts.menus?.form !== form) parts.menus = { form, nodes: [downloads(parts), share(parts.app)] };
  return parts.menus.nodes;
}

function downloads(parts: NetworkParts): HTMLElement {
  const { app } = parts;
  const words = app.words();
  return menu("download", words.download, (close) => [
    FORMATS.map((format) => {
      const save = async (): Promise<void> => {
        close();
        await (await import("../export")).save(app, parts.visible, format);
      };
      return el("button", { onclick: save }, words.downloads[format]);
    }),
    el("button", { onclick: () => { close(); print(); } }, words.print),
  ]);
}
