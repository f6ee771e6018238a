/** The map as SVG, which can be moved and zoomed: Poland with its voivodeships and a point for each place. */

import { type GeoProjection, geoConicConformal, geoPath } from "d3-geo";
import { select } from "d3-selection";
import { type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { nothing, render, svg, type TemplateResult } from "lit-html";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import outline from "../../../kgraph/base/voivodeships.json";
import * as dom from "../dom";
import { spotRadius } from "../look";
import { clustered } from "./clusters";
import { type Circle, labelsOf, type Point, regionNames } from "./map-labels";

interface Area {
  iri: string;
  name: string;
  /** The label for screen readers. */
  spoken: string;
}

interface Region extends Area {
  things: number;
  /** The class of its number of things, from 1 on; 0 for none. */
  level: number;
}

interface Spot extends Area {
  lat: number;
  lon: number;
  things: number;
}

export interface Scene {
  spots: readonly Spot[];
  /** Voivodeships that the graph knows, by their Polish name. */
  areas: ReadonlyMap<string, Region>;
  chosen: string | null;
  /** What a screen reader says of several points in one: their number, and that of their things. */
  spokenCluster(points: number, things: number): string;
}

export type SvgMap = ReturnType<typeof svgMap>;
/** All of Poland, or where there is something. */
type Extent = "all" | "data";
type Outline = Topology<{ voivodeships: GeometryCollection<{ name: string }> }>;
type Box = readonly [Point, Point];

type Drawn = ReturnType<typeof drawnIn>;

/** The side of the square into which the projection draws Poland; the transform scales it. */
const BOX = 1000;
const MARGIN = 16;
/** The buttons take a strip: below on a narrow map, else above. */
const TOOLS = 44;
const isPhone = (width: number): boolean => width < 640;
const SCALES: [number, number] = [0.1, 60];
/** Pixels that an arrow key moves the map by. */
const STEP = 60;
/** The least distance of a visible place from the sides, in pixels. */
const SIDE = 30;
/** Pixels between points that are drawn apart. */
const APART = 26;
/** Pixels that a pointer may move in a click. */
const CLUMSY = 5;

const topology = outline as unknown as Outline;
const regions = feature(topology, topology.objects.voivodeships);
const projection: GeoProjection = geoConicConformal().parallels([50, 54]).rotate([-19, 0]).fitSize([BOX, BOX], regions);
const path = geoPath(projection);

function drawnIn(scene: Scene, choose: (iri: string) => void) {
  const layers = {
    land: dom.svg("g", { class: "land" }),
    names: dom.svg("g", { class: "region-names", "aria-hidden": "true" }),
    spots: dom.svg("g", { class: "spots" }),
  };
  const attributes = { class: "chart", id: "chart", tabindex: "0", role: "group" };
  return {
    element: dom.svg("svg", attributes, Object.values(layers)),
    layers,
    behaviour: zoom<SVGSVGElement, unknown>().scaleExtent(SCALES).clickDistance(CLUMSY),
    choose, scene,
    transform: zoomIdentity,
    /** The extent until the reader moves the map, restored after a change of size. */
    extent: "data" as Extent,
    hasMoved: false,
  };
}

export function svgMap(scene: Scene, choose: (iri: string) => void) {
  const drawn = drawnIn(scene, choose);
  const { element, behaviour } = drawn;
  listen(drawn);
  const watcher = new ResizeObserver(() => redraw(drawn));
  watcher.observe(element);
  // paper is narrower than the screen: the map is scaled to it, and whole
  let seen: Pick<Drawn, "transform" | "extent" | "hasMoved"> = drawn;
  const stopPrinting = dom.whilePrinting(
    () => {
      element.setAttribute("viewBox", `0 0 ${room(drawn).width} ${room(drawn).height}`);
      seen = { ...drawn };
      fitTo(drawn, "all");
    },
    () => {
      element.removeAttribute("viewBox");
      behaviour.transform(select(element), seen.transform);
      Object.assign(drawn, { extent: seen.extent, hasMoved: seen.hasMoved });
    },
  );
  drawLand(drawn);
  return {
    element,
    show(next: Scene): void {
      drawn.scene = next;
      drawLand(drawn);
      redraw(drawn);
    },
    zoom: (factor: number) => behaviour.scaleBy(select(element), factor),
    fit: (what: Extent) => fitTo(drawn, what),
    /** Moves the map where the place is not in sight. */
    reveal: (iri: string) => reveal(drawn, iri),
    leave(): void {
      watcher.disconnect();
      stopPrinting();
    },
  };
}

const room = ({ element }: Drawn): { width: number; height: number } =>
  ({ width: element.clientWidth || BOX, height: element.clientHeight || BOX });

function listen(drawn: Drawn): void {
  const { element, behaviour } = drawn;
  behaviour.extent(() => [[0, 0], [room(drawn).width, room(drawn).height]]);
  behaviour.on("zoom", ({ transform }: { transform: ZoomTransform }) => {
    drawn.hasMoved = true;
    drawn.transform = transform;
    draw(drawn);
  });
  select(element).call(behaviour).on("dblclick.zoom", null);
  element.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys(drawn)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function keys(drawn: Drawn): Record<string, () => void> {
  const scale = (factor: number) => (): void => drawn.behaviour.scaleBy(select(drawn.element), factor);
  return {
    ArrowLeft: () => shift(drawn, STEP, 0), ArrowRight: () => shift(drawn, -STEP, 0),
    ArrowUp: () => shift(drawn, 0, STEP), ArrowDown: () => shift(drawn, 0, -STEP),
    "+": scale(1.4), "=": scale(1.4), "-": scale(1 / 1.4), "0": () => fitTo(drawn, "all"),
  };
}

function shift({ behaviour, element, transform: { k } }: Drawn, dx: number, dy: number): void {
  behaviour.translateBy(select(element), dx / k, dy / k);
}

const placeOf = ({ lon, lat }: Spot): Point => projection([lon, lat]) ?? [0, 0];

function redraw(drawn: Drawn): void {
  if (drawn.hasMoved) draw(drawn);
  else fitTo(drawn, drawn.extent);
}

function fitTo(drawn: Drawn, extent: Extent): void {
  const around = extent === "data" ? boxOf(drawn.scene) : null;
  const to = around ? transformOver(drawn, around, 12) : transformOver(drawn, path.bounds(regions), Infinity);
  drawn.behaviour.transform(select(drawn.element), to);
  Object.assign(drawn, { extent, hasMoved: false });
}

/** The rectangle around all points, and around the areas with things; null without any. */
function boxOf({ spots, areas }: Scene): Box | null {
  const filled = regions.features.filter((region) => (areas.get(region.properties.name)?.things ?? 0) > 0);
  const at = [...spots.map(placeOf), ...filled.flatMap((region) => path.bounds(region))];
  if (!at.length) return null;
  const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
  const pad = filled.length ? 6 : 30;
  return [[Math.min(...xs) - pad, Math.min(...ys) - pad], [Math.max(...xs) + pad, Math.max(...ys) + pad]];
}

/** The transform that shows a rectangle, no closer than `closest`. */
function transformOver(drawn: Drawn, [[left, top], [right, bottom]]: Box, closest: number): ZoomTransform {
  const { width, height: whole } = room(drawn);
  const height = whole - (isPhone(width) ? TOOLS : 0);
  const across = (width - 2 * MARGIN) / Math.max(right - left, 1);
  const down = (height - 2 * MARGIN) / Math.max(bottom - top, 1);
  const k = Math.max(0.05, Math.min(across, down, closest));
  return zoomIdentity.translate(width / 2 - ((left + right) / 2) * k, height / 2 - ((top + bottom) / 2) * k).scale(k);
}

function reveal(drawn: Drawn, iri: string): void {
  const spot = drawn.scene.spots.find((one) => one.iri === iri);
  if (!spot) return;
  const { width, height } = room(drawn);
  const [x, y] = drawn.transform.apply(placeOf(spot));
  const isOut = x < SIDE || y < SIDE || x > width - SIDE || y > height - SIDE;
  if (isOut) shift(drawn, width / 2 - x, height / 2 - y);
}

/** The handler of Enter and Space, as for a button. */
const pressed = (act: () => void) => (event: KeyboardEvent): void => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  act();
};

function drawLand({ layers, scene, choose }: Drawn): void {
  const shapes = regions.features.map((region) => {
    const area = scene.areas.get(region.properties.name);
    if (!area) return svg`<path class="region" d=${path(region)}></path>`;
    const { iri, spoken, level } = area;
    const act = (): void => choose(iri);
    return svg`<path class=${`region known ${iri === scene.chosen ? "chosen" : ""}`} d=${path(region)} role="button"
      data-level=${level || nothing} tabindex="0" aria-label=${spoken} data-iri=${iri}
      @click=${act} @keydown=${pressed(act)}
      ><title>${spoken}</title></path>`;
  });
  const border = (isOuter: boolean): string =>
    path(mesh(topology, topology.objects.voivodeships, (one, other) => (one === other) === isOuter)) ?? "";
  const borders = svg`<path class="inner" d=${border(false)}></path><path class="outer" d=${border(true)}></path>`;
  render(svg`${shapes}${borders}`, layers.land);
}

/** Draws circles and names at the same size for any zoom. */
function draw(drawn: Drawn): void {
  const { layers, scene, transform } = drawn;
  layers.land.setAttribute("transform", transform.toString());
  const placed = scene.spots.map((spot) => ({ ...spot, at: transform.apply(placeOf(spot)) }));
  const { width, height } = room(drawn);
  const near = placed.filter(({ at: [x, y] }) =>
    x > -APART && y > -APART && x < width + APART && y < height + APART);
  const clusters = clustered(near, APART, scene.chosen);
  const circles = clusters.map(({ first, members, things }) => ({
    ...first, things, members, radius: spotRadius(things), isSure: first.iri === scene.chosen,
    name: members.length > 1 ? `${first.name} +${members.length - 1}` : first.name,
    spoken: members.length > 1 ? `${first.name}: ${scene.spokenCluster(members.length, things)}` : first.spoken,
  }));
  const { labels, taken } = labelsOf(circles);
  render(circles.map((circle) => drawnSpot(drawn, circle, labels.get(circle.iri))), layers.spots);
  const isRoomy = transform.k * BOX > 620;
  const middles = (isRoomy ? regions.features : []).map((region) =>
    ({ name: region.properties.name, at: transform.apply(path.centroid(region)) }));
  const top = isPhone(width) ? 0 : TOOLS;
  render(regionNames(middles, taken, [0, top, width, height]), layers.names);
}

/** Moves the map over several points, so that they come apart; false where they are in one spot. */
function openCluster(drawn: Drawn, members: readonly Spot[]): boolean {
  const at = members.map(placeOf);
  const [xs, ys] = [at.map(([x]) => x), at.map(([, y]) => y)];
  const box: Box = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
  if (Math.max(box[1][0] - box[0][0], box[1][1] - box[0][1]) * SCALES[1] < APART) return false;
  const to = transformOver(drawn, [[box[0][0] - 2, box[0][1] - 2], [box[1][0] + 2, box[1][1] + 2]], SCALES[1]);
  drawn.behaviour.transform(select(drawn.element), to);
  return true;
}

function drawnSpot(drawn: Drawn, circle: Circle & Spot & { members: readonly Spot[] },
    label: TemplateResult | undefined): TemplateResult {
  const { iri, name, spoken, things, at: [x, y], radius, isSure, members } = circle;
  const act = (): void => {
    if (members.length === 1 || !openCluster(drawn, members)) drawn.choose(iri);
  };
  const number = svg`<text class="number" text-anchor="middle" dy=".35em">${things}</text>`;
  const state = `spot${isSure ? " chosen" : ""}${members.length > 1 ? " several" : ""}`;
  return svg`<g class=${state} transform=${`translate(${x} ${y})`} role="button" tabindex="0"
    aria-label=${spoken} data-iri=${iri} @click=${act} @keydown=${pressed(act)}
    ><circle class="reach" r=${Math.max(14, radius + 3)}></circle><circle class="dot" r=${radius}></circle
    >${radius >= 9 ? number : nothing}${label ?? svg`<title>${name}</title>`}</g>`;
}
