/** The camera of the picture. */

import type Sigma from "sigma";
import type { CameraState } from "sigma/types";
import type { Graph } from "../graph";
import { type Insets, type Range, rangeOf, type Stage, spotOf } from "./stage";

/** The camera's ratio when it shows a single thing. */
const CLOSE = 0.25;
const NEUTRAL: CameraState = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The bounds of the graph, of some size even for a single thing. */
export function extent(graph: Graph): { x: Range; y: Range } {
  const wide = ([least, most]: Range): Range => (least === most ? [least - 100, most + 100] : [least, most]);
  const [x, y] = [graph.mapNodes((_, thing) => thing.x), graph.mapNodes((_, thing) => thing.y)];
  return { x: wide(rangeOf(x)), y: wide(rangeOf(y)) };
}

export function go({ sigma }: Stage, to: CameraState | null, isGentle: boolean): void {
  if (!to) return;
  if (isGentle && !calm.matches) void sigma.getCamera().animate(to, { duration: 350 });
  else sigma.getCamera().setState(to);
}

/** Whether the camera is at a place, or on its way there. */
export function isAt(sigma: Sigma, to: CameraState | null): boolean {
  const camera = sigma.getCamera();
  const { x, y, ratio } = camera.getState();
  return to !== null && (camera.isAnimated() || Math.hypot(x - to.x, y - to.y, ratio - to.ratio) < 1e-6);
}

/** The camera that shows some things between the insets, no closer than `least`. */
export function cameraOver({ sigma }: Stage, things: Iterable<string>, insets: Insets, least = CLOSE) {
  const spots = [...things].flatMap((iri) => {
    const shown = sigma.getNodeDisplayData(iri);
    return shown ? [sigma.framedGraphToViewport(shown, { cameraState: NEUTRAL })] : [];
  });
  if (!spots.length) return null;
  const { width, height } = sigma.getDimensions();
  const [[left, right], [top, bottom]] = [rangeOf(spots.map(({ x }) => x)), rangeOf(spots.map(({ y }) => y))];
  const across = Math.max(80, width - insets.left - insets.right);
  const down = Math.max(80, height - insets.top - insets.bottom);
  const ratio = Math.max((right - left) / across, (bottom - top) / down, least);
  const middle = {
    x: (left + right) / 2 + ((insets.right - insets.left) / 2) * ratio,
    y: (top + bottom) / 2 + ((insets.bottom - insets.top) / 2) * ratio,
  };
  return { ...NEUTRAL, ...sigma.viewportToFramedGraph(middle, { cameraState: NEUTRAL }), ratio };
}

/** Moves the camera where some things are not in sight. */
export function reveal(stage: Stage, things: Iterable<string>, insets: Insets): void {
  const { width, height } = stage.sigma.getDimensions();
  const spots = [...things].map((iri) => spotOf(stage, iri)).filter((spot) => spot !== null);
  const isOut = ({ x, y }: { x: number; y: number }): boolean =>
    x < insets.left / 2 || y < insets.top / 2 || x > width - insets.right || y > height - insets.bottom;
  if (!spots.some(isOut)) return;
  const { ratio } = stage.sigma.getCamera().getState();
  go(stage, cameraOver(stage, things, insets, spots.length > 1 ? CLOSE : Math.max(CLOSE, ratio)), true);
}

export function zoom(stage: Stage, factor: number): void {
  const camera = stage.sigma.getCamera();
  const state = camera.getState();
  go(stage, { ...state, ratio: camera.getBoundedRatio(state.ratio * factor) }, true);
}

/** The visible thing nearest to `from` in a direction on the screen, or to the middle without `from`. */
export function nearestTowards(stage: Stage, from: string | null, dx: number, dy: number): string | null {
  const { width, height } = stage.sigma.getDimensions();
  const { nodes } = stage.scene.visible;
  const origin = (from && nodes.has(from) ? spotOf(stage, from) : null) ?? { x: width / 2, y: height / 2 };
  let [best, least]: [string | null, number] = [null, Infinity];
  for (const iri of nodes) {
    const spot = iri === from ? null : spotOf(stage, iri);
    if (!spot) continue;
    const [x, y] = [spot.x - origin.x, spot.y - origin.y];
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    const cost = from === null ? Math.hypot(x, y) : along > 1 ? along + 2 * across : Infinity;
    if (cost < least) [best, least] = [iri, cost];
  }
  return best;
}
