/** The tip at the pointer, and the keys of the picture. */

import { html, nothing, render } from "lit-html";
import { GROUP } from "../api";
import type { App } from "../app";
import { manner, titleOf } from "../graph";
import { sign } from "../views/components";
import { covered, insets, type NetworkParts, sceneOf } from "./parts";
import { pinAt, togglePin } from "./pin";

/** Pixels that a key moves a thing by. */
const STEP = 20;
/** Pixels between the pointer and its tip. */
const BESIDE = { x: 14, y: 18 };

type Pointed = { node?: string; edge?: string } | null;

export function showTip(parts: NetworkParts, what: Pointed, x: number, y: number): void {
  const { tip, stage } = parts.elements;
  tip.hidden = !what;
  if (what) render(about(parts, what), tip);
  const { top, right, bottom } = covered(parts);
  const width = stage.clientWidth - right - tip.offsetWidth;
  const height = stage.clientHeight - bottom - tip.offsetHeight;
  const [above, below] = [y - tip.offsetHeight - BESIDE.y, y + BESIDE.y];
  tip.style.left = `${Math.max(0, Math.min(x + BESIDE.x, width - 4))}px`;
  tip.style.top = `${stage.offsetTop + (below > height && above > top ? above : below)}px`;
}

function about({ app }: NetworkParts, { node, edge: key }: NonNullable<Pointed>): unknown {
  const { graph } = app.exploration;
  if (node && graph.hasNode(node)) {
    const kind = graph.getNodeAttribute(node, "kind");
    return html`${sign(kind)} <strong>${app.name(node)}</strong><br><span class="soft">${app.name(kind)}</span>`;
  }
  if (!key || !graph.hasEdge(key)) return nothing;
  const edge = graph.getEdgeAttributes(key);
  const relation = titleOf(edge).map(app.name).join(", ");
  const what = edge.through ? app.name(edge.through) : app.words().manners[manner(edge)];
  return html`${app.name(edge.source)} · <strong>${relation}:</strong> ${app.name(edge.target)}<br
    ><span class="soft">${what}</span>`;
}

/** Opens what is known of a fact, or of the thing that is drawn as a line. */
export function chooseLine(app: App, key: string): void {
  const { through, predicate, target } = app.exploration.graph.getEdgeAttributes(key);
  if (predicate.startsWith(GROUP)) app.open(target);
  else if (through) app.store.step({ thing: through, fact: null });
  else app.openFact(key);
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
};

export function pressKey(parts: NetworkParts, event: KeyboardEvent): void {
  const { app, picture } = parts;
  if (!picture || event.ctrlKey || event.metaKey || event.altKey) return;
  const way = WAYS[event.key];
  const chosen = parts.cursor ?? app.state().thing;
  if (way && event.shiftKey) moveThing(parts, chosen, way);
  else if (way) moveCursor(parts, chosen, way);
  else if (!act(parts, event.key, chosen)) return;
  event.preventDefault();
}

/** Performs the action of a key other than an arrow; false when it has none. */
function act(parts: NetworkParts, key: string, chosen: string | null): boolean {
  const { app, picture } = parts;
  const ofThing: Record<string, (iri: string) => void> = {
    Enter: app.open, e: (iri) => grow(app, iri), p: (iri) => togglePin(app, iri),
  };
  const ofPicture: Record<string, () => void> = {
    "+": () => picture?.zoom(0.7), "=": () => picture?.zoom(0.7), "-": () => picture?.zoom(1.4),
    "0": () => picture?.fit(null, insets(parts), true),
  };
  const name = key.length === 1 ? key.toLowerCase() : key;
  const [thingAct, pictureAct] = [chosen ? ofThing[name] : undefined, ofPicture[name]];
  if (thingAct && chosen) thingAct(chosen);
  else pictureAct?.();
  return Boolean(thingAct ?? pictureAct);
}

/** Adds the neighbours without opening a card, so that the focus stays in the picture. */
function grow({ state, store }: App, iri: string): void {
  if (!state().expanded.includes(iri)) store.step({ expanded: [...state().expanded, iri] });
}

function moveThing({ app, picture }: NetworkParts, iri: string | null, [dx, dy]: readonly [number, number]): void {
  const at = iri && picture?.beside(iri, dx * STEP, dy * STEP);
  if (iri && at) pinAt(app, iri, at);
}

function moveCursor(parts: NetworkParts, from: string | null, way: readonly [number, number]): void {
  const { app, picture, visible } = parts;
  const { graph } = app.exploration;
  const { fill, cursorAt } = app.words();
  const next = picture?.towards(from, ...way);
  if (!next) return;
  parts.cursor = next;
  picture?.show(sceneOf(parts));
  picture?.reveal([next], insets(parts));
  const n = graph.filterEdges(next, (key) => visible.edges.has(key)).length;
  app.say(fill(cursorAt, { name: app.name(next), kind: app.name(graph.getNodeAttribute(next, "kind")), n }));
}
