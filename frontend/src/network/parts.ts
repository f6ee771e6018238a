/** The state of the network view: its elements, the visible part, and requests under way. */

import { type Interval, isRegion } from "../api";
import type { App } from "../app";
import { debounce } from "../debounce";
import { el, hasWebgl } from "../dom";
import type { Box } from "../draw/labels";
import type { Picture } from "../draw/picture";
import { mainOf } from "../draw/ranking";
import { endsOf, type Insets, type Scene } from "../draw/stage";
import type { FacetPanel } from "../facets/panel";
import { around, type Chosen, type Visible, visible } from "../graph";
import type { Legend } from "./legend";

export type NetworkParts = ReturnType<typeof partsOf>;

export function partsOf(app: App) {
  const canvas = el("div", { class: "canvas" });
  return {
    app,
    /** The elements of the view; `stage` takes the focus and the keys for the picture. */
    elements: {
      filters: el("aside", { class: "filters", "aria-label": app.words().filters }),
      toolbar: el("div", { class: "toolbar", role: "group" }),
      stage: el("div", { class: "picture", id: "picture", tabindex: "0", role: "group" }, canvas),
      canvas,
      note: el("div", { class: "stage-note" }),
      zoom: el("div", { class: "zoom" }),
      tip: el("div", { class: "tip", hidden: true }),
      list: el("div", { class: "list", id: "list", tabindex: "-1", hidden: true }),
    },
    /** Whether the browser has WebGL. */
    canDraw: hasWebgl(),
    picture: null as Picture | null,
    visible: { nodes: new Set(), edges: new Set() } as Visible,
    legend: null as Legend | null,
    /** The menus of the toolbar, with the language and frame they were made for. */
    menus: null as { form: string; nodes: unknown[] } | null,
    panel: null as FacetPanel | null,
    /** What the selection selects; null for everything. */
    chosen: null as Chosen | null,
    /** Intervals of all dated things; null before they are requested. */
    dated: null as readonly Interval[] | null,
    /** The thing at the keyboard's cursor. */
    cursor: null as string | null,
    /** The thing whose neighbours are being loaded; the picture moves to it when they arrive. */
    growing: null as string | null,
    sizeBefore: 0,
    /** The pixels that tools and panel covered when the picture was last fitted. */
    covered: "",
    /** Delays the note that says that the picture is being loaded. */
    waiting: debounce(),
    isGone: false,
  };
}

export const isListed = ({ app, canDraw }: NetworkParts): boolean => app.state().list || !canDraw;

const onChain = (app: App): string[] => endsOf(app.exploration.graph, app.exploration.chain());

/** Applies the filters. */
export function refilter(parts: NetworkParts): void {
  const { app } = parts;
  const { graph } = app.exploration;
  const state = app.state();
  const keep = new Set(onChain(app));
  if (state.thing) keep.add(state.thing);
  const among = parts.chosen && !app.exploration.isGrouped() ? around(graph, parts.chosen) : null;
  parts.visible = visible(graph, state, keep, among);
}

export function sceneOf(parts: NetworkParts): Scene {
  const { app, cursor } = parts;
  const { thing, fact, pins } = app.state();
  return {
    sectors: app.exploration.sectors(), focus: focusOf(app),
    visible: parts.visible, thing, fact, pinned: pins, chain: app.exploration.chain(), cursor,
    mode: app.mode(), name: app.name, label: (iri) => labelOf(app, iri),
    covered: covered(parts), covers: [zoomIn(parts)],
  };
}

/** Pixels of the stage that tools and panel cover. */
export function covered({ elements: { stage, toolbar } }: NetworkParts): Insets {
  const room = stage.getBoundingClientRect();
  const panel = document.querySelector<HTMLElement>(".panel:not([hidden])")?.getBoundingClientRect();
  const none = { top: toolbar.offsetHeight, right: 0, bottom: 0, left: 0 };
  if (!panel || panel.left >= room.right || panel.top >= room.bottom) return none;
  const isNarrow = room.width < 640;
  if (isNarrow) return { ...none, bottom: Math.max(0, room.bottom - panel.top) };
  return { ...none, right: Math.max(0, room.right - panel.left) };
}

const focusOf = (app: App): string | null => {
  const { start } = app.state();
  return typeof start === "object" ? start.focus : null;
};

/** What stands at a mark: the name; at a group its number, and for a region both. */
function labelOf(app: App, iri: string): string {
  const { graph } = app.exploration;
  const holds = graph.hasNode(iri) ? graph.getNodeAttribute(iri, "holds") : undefined;
  if (holds === undefined) return app.name(iri);
  const count = holds.toLocaleString(app.words().locale);
  if (/\/\d+$/.test(iri) && iri !== focusOf(app)) return app.name(iri);
  return isRegion(iri) || focusOf(app) ? `${app.name(iri)} (${count})` : count;
}

/** Where the buttons that zoom stand in the picture. */
function zoomIn({ elements: { stage, zoom } }: NetworkParts): Box {
  const [room, own] = [stage.getBoundingClientRect(), zoom.getBoundingClientRect()];
  return [own.left - room.left - 4, own.top - room.top - 4, own.right - room.left + 4, own.bottom - room.top + 4];
}

/** Covered pixels and room for labels beside them. */
export function insets(parts: NetworkParts): Insets {
  const { top, right, bottom, left } = covered(parts);
  const side = Math.min(95, parts.elements.stage.clientWidth * 0.17);
  return { top: top + 30, right: right + side, bottom: bottom + 66, left: left + side };
}

/** The number of things in the first picture on a small screen. */
const NEAREST = 10;

/** Whether only a part of a picture is shown at first. */
export const isNarrow = ({ elements: { stage } }: NetworkParts): boolean => stage.clientWidth < 640;

/** Moves the camera to the additions, or over the whole graph, after a change. */
export function look(parts: NetworkParts, isGentle: boolean): void {
  const { app, picture, growing } = parts;
  const { graph } = app.exploration;
  const chain = onChain(app);
  if (chain.length) picture?.fit(new Set(chain), insets(parts), isGentle);
  else if (growing && graph.hasNode(growing)) picture?.reveal([growing, ...graph.neighbors(growing)], insets(parts));
  else picture?.fit(isNarrow(parts) ? middle(parts) : null, insets(parts), isGentle);
  parts.covered = coveredNow(parts);
}

/** Fits the picture again after a panel has opened or closed, unless a reader has moved it. */
export function refit(parts: NetworkParts): void {
  const { picture } = parts;
  if (!picture || isListed(parts) || coveredNow(parts) === parts.covered) return;
  if (picture.isFitted()) look(parts, true);
  else parts.covered = coveredNow(parts);
}

const coveredNow = (parts: NetworkParts): string =>
  JSON.stringify([covered(parts), parts.elements.stage.clientWidth, parts.elements.stage.clientHeight]);

/** The chosen thing, or what a picture is about, and the things nearest to it; null where everything fits. */
function middle({ app, visible: view }: NetworkParts): string[] | null {
  const { graph } = app.exploration;
  const { start, thing } = app.state();
  const { nodes } = view;
  if (nodes.size <= NEAREST) return null;
  const [most] = [...nodes].sort((one, other) => graph.degree(other) - graph.degree(one) || (one < other ? -1 : 1));
  const best = [thing, typeof start === "object" ? start.focus : mainOf(graph, view)]
    .find((iri) => iri && nodes.has(iri)) ?? most;
  if (!best || !nodes.has(best)) return null;
  const { x, y } = graph.getNodeAttributes(best);
  const far = (iri: string): number =>
    Math.hypot(graph.getNodeAttribute(iri, "x") - x, graph.getNodeAttribute(iri, "y") - y);
  return [...nodes].sort((one, other) => far(one) - far(other)).slice(0, NEAREST);
}

export function expand(app: App, iri: string): void {
  const { expanded } = app.state();
  if (!expanded.includes(iri)) app.store.step({ expanded: [...expanded, iri], thing: iri, fact: null });
}
