/** The graph drawn with sigma; clicks, drags and hovering call `Handlers`. */

import Sigma from "sigma";
import { EdgeLineProgram, NodePointProgram } from "sigma/rendering";
import { whilePrinting } from "../dom";
import { empty, type Graph, type Line, type Node } from "../graph";
import { CROWD, sizeRatio } from "../look";
import { cameraOver, extent, go, nearestTowards, reveal, zoom } from "./camera";
import { labelLayer } from "./label-layer";
import { DashProgram, LineProgram } from "./lines";
import { MarkProgram } from "./marks";
import { type Handlers, listenToPointer } from "./pointer";
import { drawnLine, drawnMark } from "./reducers";
import { derived, type Insets, refresh, type Scene, type Shown, type Stage, spotOf } from "./stage";
import { drawing } from "./svg";

export type Picture = ReturnType<typeof picture>;

export function picture(container: HTMLElement, graph: Graph, first: Scene, handlers: Handlers) {
  const stage = stageIn(container, graph, first);
  const { sigma } = stage;
  const labels = labelLayer(stage);
  sigma.on("afterRender", labels.draw);
  sigma.once("afterRender", () => performance.mark("picture"));
  const watcher = new ResizeObserver(() => {
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
    fit: (things: Iterable<string> | null, insets: Insets, isGentle: boolean) =>
      go(stage, cameraOver(stage, things ?? stage.scene.visible.nodes, insets), isGentle),
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

/** Draws the graph again after `pause`. */
function resume(stage: Stage, scene: Scene): void {
  const { sigma, graph } = stage;
  Object.assign(stage, { scene, hovered: null, ...derived(graph, scene) });
  if (!sigma.getCustomBBox() && graph.order > 0) sigma.setCustomBBox(extent(graph));
  sigma.setGraph(graph as never);
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
