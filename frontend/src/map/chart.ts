/** The map itself: an outline of Poland with its voivodeships and a point for each place, as SVG that can be moved and zoomed. */

import { geoConicConformal, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { svg } from "../dom";
import { onPaper } from "../draw/paper";
import { LABEL, spotRadius } from "../look";
import outline from "../../../kgraph/base/voivodeships.json";

export interface Spot {
  iri: string;
  name: string;
  lat: number;
  lon: number;
  things: number;
  /** What is read aloud. */
  spoken: string;
}

export interface Area {
  iri: string;
  name: string;
  spoken: string;
}

export interface Scene {
  spots: readonly Spot[];
  /** Voivodeships that the graph knows, by their Polish name. */
  areas: ReadonlyMap<string, Area>;
  chosen: string | null;
}

export interface Chart {
  readonly element: SVGSVGElement;
  show(scene: Scene): void;
  zoom(factor: number): void;
  /** All of Poland, or only where there are points. */
  fit(what: "all" | "points"): void;
  /** Move only when the place cannot be seen. */
  reveal(iri: string): void;
  leave(): void;
}

type Outline = Topology<{ voivodeships: GeometryCollection<{ name: string }> }>;
interface Camera { k: number; x: number; y: number }

/** The projection draws Poland into a square of this many units; the camera does the rest. */
const BOX = 1000;
const MARGIN = 16;
/** On a narrow map the buttons take a strip below. */
const TOOLS = 44;
const CLOSEST = 60;
const STEP = 60;

export function chart(first: Scene, choose: (iri: string) => void): Chart {
  const topology = outline as unknown as Outline;
  const regions = feature(topology, topology.objects.voivodeships);
  const projection = geoConicConformal().parallels([50, 54]).rotate([-19, 0]).fitSize([BOX, BOX], regions);
  const path = geoPath(projection);
  const bounds = path.bounds(regions);
  const line = (isOuter: boolean): string => path(mesh(topology, topology.objects.voivodeships, (one, other) => (one === other) === isOuter)) ?? "";

  let scene = first;
  let camera: Camera = { k: 1, x: 0, y: 0 };
  let hasMoved = false;
  let wanted: "all" | "points" = "all";
  const pointers = new Map<number, [number, number]>();
  let travelled = 0;

  const land = svg("g", { class: "land" });
  const names = svg("g", { class: "region-names", "aria-hidden": "true" });
  const spots = svg("g", { class: "spots" });
  const element = svg("svg", { class: "chart", id: "chart", tabindex: "0", role: "group" }, land, names, spots);
  const pen = document.createElement("canvas").getContext("2d")!;

  // ── Drawing ──

  function pressable(iri: string, spoken: string): Record<string, string | ((event: never) => void)> {
    return {
      role: "button", tabindex: "0", "aria-label": spoken, "data-iri": iri,
      onclick: () => { if (travelled < 5) choose(iri); },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        choose(iri);
      },
    };
  }

  function drawLand(): void {
    const shapes = regions.features.map((region) => {
      const area = scene.areas.get(region.properties.name);
      const d = path(region);
      return area
        ? svg("path", { ...pressable(area.iri, area.spoken), d, class: area.iri === scene.chosen ? "region known chosen" : "region known" }, svg("title", {}, area.name))
        : svg("path", { d, class: "region" });
    });
    land.replaceChildren(...shapes, svg("path", { d: line(false), class: "inner" }), svg("path", { d: line(true), class: "outer" }));
  }

  const onScreen = ([x, y]: readonly [number, number]): [number, number] => [x * camera.k + camera.x, y * camera.k + camera.y];
  const placed = (spot: Spot): [number, number] => projection([spot.lon, spot.lat]) ?? [0, 0];

  /** Circles and names keep their size at any zoom; a name that would cover another is left out. */
  function drawSpots(): Box[] {
    const taken: Box[] = [];
    const circles = scene.spots.map((spot) => ({ spot, at: onScreen(placed(spot)), r: spotRadius(spot.things), isChosen: spot.iri === scene.chosen }));
    for (const { at: [x, y], r } of circles) taken.push({ left: x - r, right: x + r, top: y - r, bottom: y + r });
    pen.font = `${LABEL.size}px ${LABEL.family}`;
    const focused = (document.activeElement as SVGElement | null)?.dataset?.iri;
    const inOrder = [...circles].sort((one, other) => Number(other.isChosen) - Number(one.isChosen) || other.spot.things - one.spot.things);
    const labels = new Map(inOrder.map(({ spot, at, r, isChosen }) => [spot.iri, label(spot.name, at, r, taken, isChosen)]));
    spots.replaceChildren(
      ...circles.map(({ spot, at: [x, y], r, isChosen }) =>
        svg(
          "g",
          { ...pressable(spot.iri, spot.spoken), class: isChosen ? "spot chosen" : "spot", transform: `translate(${x} ${y})` },
          svg("circle", { class: "reach", r: Math.max(14, r + 3) }),
          svg("circle", { class: "dot", r }),
          r >= 9 && svg("text", { class: "number", "text-anchor": "middle", dy: ".35em" }, String(spot.things)),
          labels.get(spot.iri) ?? svg("title", {}, spot.name),
        ),
      ),
    );
    if (focused) spots.querySelector<SVGElement>(`[data-iri="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    return taken;
  }

  function label(name: string, [x, y]: [number, number], r: number, taken: Box[], isSure: boolean): SVGElement | null {
    const [width, height] = [pen.measureText(name).width, LABEL.size];
    const places = [
      { dx: r + 5, dy: 0, anchor: "start" }, { dx: -r - 5, dy: 0, anchor: "end" },
      { dx: 0, dy: -r - height * 0.8, anchor: "middle" }, { dx: 0, dy: r + height * 0.8, anchor: "middle" },
    ];
    for (const { dx, dy, anchor } of places) {
      const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? width : width / 2);
      const box = { left, right: left + width, top: y + dy - height / 2, bottom: y + dy + height / 2 };
      if (!taken.some((other) => meet(box, other)) || isSure) {
        taken.push(box);
        return svg("text", { class: "name", x: dx, y: dy, dy: ".35em", "text-anchor": anchor }, name);
      }
    }
    return null;
  }

  /** The names of the voivodeships, moved a little where a place is, or left out. */
  function drawNames(taken: readonly Box[]): void {
    pen.font = `${LABEL.size - 1}px ${LABEL.family}`;
    const isRoomy = camera.k * BOX > 620;
    names.replaceChildren(...(isRoomy ? regions.features : []).flatMap((region) => {
      const [x, middle] = onScreen(path.centroid(region));
      const half = pen.measureText(region.properties.name).width / 2;
      const y = [0, -24, 24, -48, 48].map((dy) => middle + dy).find((at) => !taken.some((box) => meet({ left: x - half, right: x + half, top: at - 12, bottom: at + 4 }, box)));
      return y === undefined ? [] : [svg("text", { x, y, "text-anchor": "middle" }, region.properties.name)];
    }));
  }

  function move(next: Camera): void {
    camera = next;
    land.setAttribute("transform", `translate(${camera.x} ${camera.y}) scale(${camera.k})`);
    drawNames(drawSpots());
  }

  // ── Camera ──

  const room = (): { width: number; height: number } => ({ width: element.clientWidth || BOX, height: element.clientHeight || BOX });

  function showing([[left, top], [right, bottom]]: [[number, number], [number, number]], closest: number): Camera {
    const { width, height: whole } = room();
    const height = whole - (width < 640 ? TOOLS : 0);
    const k = Math.max(0.05, Math.min((width - 2 * MARGIN) / Math.max(right - left, 1), (height - 2 * MARGIN) / Math.max(bottom - top, 1), closest));
    return { k, x: width / 2 - ((left + right) / 2) * k, y: height / 2 - ((top + bottom) / 2) * k };
  }

  function fit(what: "all" | "points"): void {
    wanted = what;
    hasMoved = false;
    const at = scene.spots.map(placed);
    if (what === "all" || !at.length) return move(showing(bounds, Infinity));
    const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
    const pad = 30;
    move(showing([[Math.min(...xs) - pad, Math.min(...ys) - pad], [Math.max(...xs) + pad, Math.max(...ys) + pad]], 12));
  }

  function zoomAt(factor: number, [px, py]: readonly [number, number]): void {
    hasMoved = true;
    const k = Math.min(CLOSEST, Math.max(0.1, camera.k * factor));
    const by = k / camera.k;
    move({ k, x: px - (px - camera.x) * by, y: py - (py - camera.y) * by });
  }

  const shift = (dx: number, dy: number): void => {
    hasMoved = true;
    move({ ...camera, x: camera.x + dx, y: camera.y + dy });
  };

  function zoom(factor: number): void {
    const { width, height } = room();
    zoomAt(factor, [width / 2, height / 2]);
  }

  // ── Pointing and keys ──

  const where = (event: MouseEvent): [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)), where(event));
  }, { passive: false });

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!pointers.size) travelled = 0;
    pointers.set(event.pointerId, where(event));
  });

  function drag(event: PointerEvent): void {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = where(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled < 5) return;
    if (other) zoomAt(Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])), other);
    else shift(now[0] - before[0], now[1] - before[1]);
  }
  const drop = (event: PointerEvent): void => void pointers.delete(event.pointerId);
  window.addEventListener("pointermove", drag);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", drop);

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ways: Record<string, () => void> = {
      ArrowLeft: () => shift(STEP, 0), ArrowRight: () => shift(-STEP, 0), ArrowUp: () => shift(0, STEP), ArrowDown: () => shift(0, -STEP),
      "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), "0": () => fit("all"),
    };
    if (!ways[event.key]) return;
    event.preventDefault();
    travelled = 0;
    ways[event.key]!();
  });

  const watcher = new ResizeObserver(() => (hasMoved ? move(camera) : fit(wanted)));
  watcher.observe(element);
  // paper is narrower than the screen: what is seen becomes smaller there
  const stopPrinting = onPaper(
    () => element.setAttribute("viewBox", `0 0 ${room().width} ${room().height}`),
    () => element.removeAttribute("viewBox"),
  );
  drawLand();

  return {
    element,
    show(next) {
      scene = next;
      drawLand();
      if (hasMoved) move(camera);
      else fit(wanted);
    },
    zoom,
    fit,
    reveal(iri) {
      const spot = scene.spots.find((one) => one.iri === iri);
      if (!spot) return;
      const { width, height } = room();
      const [x, y] = onScreen(placed(spot));
      if (x < 30 || y < 30 || x > width - 30 || y > height - 30) shift(width / 2 - x, height / 2 - y);
    },
    leave() {
      watcher.disconnect();
      stopPrinting();
      window.removeEventListener("pointermove", drag);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", drop);
    },
  };
}

interface Box { left: number; right: number; top: number; bottom: number }
const meet = (one: Box, other: Box): boolean => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
