/** The graph drawn with sigma; clicks, drags and hovering call `Handlers`. */

import Sigma from "sigma";
import { EdgeLineProgram, NodePointProgram } from "sigma/rendering";
import type { CameraState } from "sigma/types";
import { whilePrinting } from "../dom";
import { empty, type Graph, type Line, manner, type Node } from "../graph";
import {
  aside, CROWD, DASHES, hueOf, markOf, pageColours, READABLE, radius, SHAPES, sizeRatio, thickness,
} from "../look";
import { cameraOver, extent, go, isAt, nearestTowards, reveal, zoom } from "./camera";
import { labelLayer } from "./label-layer";
import { DashProgram, LineProgram } from "./lines";
import { MarkProgram } from "./marks";
import { type Handlers, listenToPointer } from "./pointer";
import { derived, type Insets, refresh, type Scene, type Shown, type Stage, spotOf } from "./stage";
import { drawing } from "./svg";

export type Picture = ReturnType<typeof picture>;

export function picture(container: HTMLElement, graph: Graph, first: Scene, handlers: Handlers) {
  const stage = stageIn(container, graph, first);
  const { sigma } = stage;
  const labels = labelLayer(stage);
  let fitted: CameraState | null = null;
  sigma.on("afterRender", labels.draw);
  sigma.once("afterRender", () => performance.mark("picture"));
  const watcher = new ResizeObserver(() => {
    const { width, height } = sigma.getDimensions();
    if (width === container.clientWidth && height === container.clientHeight) return; // as at first
    sigma.resize();
    sigma.refresh({ skipIndexation: true });
  });
  watcher.observe(container);
  const stops = [
    listenToPointer(stage, handlers), printAsSvg(stage), () => watcher.disconnect(), () => sigma.kill(), labels.remove,
  ];
  return {
    show: (scene: Scene) => show(stage, scene),
    /** Releases the graph while much of it changes. */
    pause: () => sigma.setGraph(empty() as never),
    resume: (scene: Scene) => resume(stage, scene),
    fit(things: Iterable<string> | null, insets: Insets, isGentle: boolean): void {
      fitted = cameraOver(stage, things ?? stage.scene.visible.nodes, insets);
      go(stage, fitted, isGentle);
    },
    /** Whether the camera is where the last fit put it, rather than where a reader moved it. */
    isFitted: () => isAt(sigma, fitted),
    reveal: (things: Iterable<string>, insets: Insets) => reveal(stage, things, insets),
    zoom: (factor: number) => zoom(stage, factor),
    /** The position that lies some pixels from a thing. */
    beside(iri: string, dx: number, dy: number): readonly [number, number] | null {
      const spot = spotOf(stage, iri);
      if (!spot) return null;
      const { x, y } = sigma.viewportToGraph({ x: spot.x + dx, y: spot.y + dy });
      return [x, y];
    },
    towards: (from: string | null, dx: number, dy: number) => nearestTowards(stage, from, dx, dy),
    leave(): void {
      for (const stop of stops) stop();
    },
  };
}

function stageIn(container: HTMLElement, graph: Graph, scene: Scene): Stage {
  const shown: Shown = { graph, scene, hovered: null, ...derived(graph, scene) };
  const sigma = new Sigma(graph, container, {
    nodeProgramClasses: { mark: MarkProgram, dot: NodePointProgram },
    edgeProgramClasses: { line: LineProgram, dash: DashProgram, hair: EdgeLineProgram },
    defaultNodeType: "mark",
    defaultEdgeType: "line",
    renderLabels: false,
    renderEdgeLabels: false,
    enableEdgeEvents: !shown.isCrowd,
    hideEdgesOnMove: graph.size > CROWD,
    zIndex: true,
    minCameraRatio: 0.002,
    maxCameraRatio: 8,
    enableCameraRotation: false,
    stagePadding: 0,
    dragTimeout: 500,
    zoomToSizeRatioFunction: (ratio: number) => sizeRatio(ratio, container.clientWidth),
    defaultDrawNodeHover: () => undefined,
    allowInvalidContainer: true,
    nodeReducer: (iri, thing) => drawnMark(shown, iri, thing as Node) as never,
    edgeReducer: (key, line) => drawnLine(shown, key, line as Line) as never,
  });
  if (graph.order) sigma.setCustomBBox(extent(graph));
  return Object.assign(shown, { sigma, container });
}

function drawnMark({ scene, degrees, onChain, main, isCrowd }: Shown, iri: string, thing: Node): object {
  const colours = pageColours(scene.mode);
  const isDimmed = scene.chain.length > 0 && !onChain.has(iri);
  const size = radius(thing.kind, thing.holds ?? degrees.get(iri) ?? 0, scene.visible.nodes.size);
  return {
    x: thing.x,
    y: thing.y,
    type: isCrowd ? "dot" : "mark",
    hidden: !scene.visible.nodes.has(iri),
    size: size * (iri === scene.thing ? 1.15 : 1) * (iri === main || iri === scene.focus ? 1.35 : 1),
    shape: SHAPES.indexOf(markOf(thing.kind).shape),
    color: isDimmed ? colours.dimmed : hueOf(thing.kind, scene.mode),
    border: isDimmed ? colours.edge : colours.ink,
    zIndex: iri === scene.thing ? 2 : onChain.has(iri) ? 1 : 0,
  };
}

function drawnLine({ scene, hovered, isCrowd }: Shown, key: string, line: Line): object {
  const colours = pageColours(scene.mode);
  const how = manner(line);
  const inChain = scene.chain.includes(key);
  const centre = hovered ?? scene.thing;
  const isOpen = key === scene.fact || inChain || (line.through !== undefined && line.through === scene.thing);
  const isChosen = isOpen || centre === line.source || centre === line.target;
  const isDimmed = scene.chain.length > 0 && !inChain && !isChosen;
  const usual = how === "stated" ? colours.line : colours.faint;
  return {
    type: isCrowd ? "hair" : scene.visible.edges.size > READABLE ? "dash" : "line",
    hidden: !scene.visible.edges.has(key),
    size: thickness(line.single) + (key === scene.fact || inChain ? 1.6 : 0),
    color: isDimmed ? colours.dimmed : line.disputed ? colours.warn : isChosen ? colours.chosen : usual,
    dash: DASHES[how],
    beside: aside(line),
    zIndex: isChosen ? 1 : 0,
  };
}

/** Shows another scene, redrawing only the differences where possible. */
function show(stage: Stage, next: Scene): void {
  const before = stage.scene;
  stage.scene = next;
  const isSameGraph = next.visible === before.visible && next.mode === before.mode;
  if (isSameGraph && next.chain === before.chain && next.name === before.name) {
    refresh(stage, [before.thing, next.thing, before.cursor, next.cursor], [before.fact, next.fact]);
    return;
  }
  if (stage.hovered && !stage.graph.hasNode(stage.hovered)) stage.hovered = null;
  Object.assign(stage, derived(stage.graph, next));
  stage.sigma.setSetting("enableEdgeEvents", !stage.isCrowd);
  stage.sigma.refresh({ skipIndexation: false });
}

/** Draws the graph again, after `pause` or with other things visible. */
function resume(stage: Stage, scene: Scene): void {
  const { sigma, graph } = stage;
  Object.assign(stage, { scene, hovered: null, ...derived(graph, scene) });
  if (!sigma.getCustomBBox() && graph.order > 0) sigma.setCustomBBox(extent(graph));
  if (sigma.getGraph() === (graph as never)) sigma.refresh();
  else sigma.setGraph(graph as never);
}

/** Browsers do not print WebGL: an SVG takes its place on paper. */
function printAsSvg(stage: Stage): () => void {
  const { container, graph } = stage;
  const image = (): Element => {
    const { visible, name } = stage.scene;
    const { text } = drawing(graph, visible, { title: document.title, mode: "light", name });
    return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  };
  return whilePrinting(() => container.append(image()), () => container.querySelector(":scope > svg")?.remove());
}
