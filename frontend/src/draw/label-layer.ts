/** Labels and signs above sigma's picture: names of things and relations, rings, badges and pins. */

import { LABEL, pageColours } from "../look";
import { type Line, type Placed, place, type Sheet, type Wanted } from "./labels";
import { BADGE, clear, drawBadge, drawLabel, drawPin, drawRing, type Pen, pen, widthOf } from "./pen";
import { IMPORTANT } from "./ranking";
import { lineOf, type Spot, type Stage, spotOf } from "./stage";

/** With more things, most labels are drawn only at rest. */
const MANY = 300;
/** Pixels beyond the picture within which a thing may have a label. */
const AROUND = 40;
/** A thing with more facts has no names at its lines. */
const MOST_RELATIONS = 14;
/** A line that is shorter, in pixels, has no room for a name. */
const SHORTEST = 90;

export function labelLayer(stage: Stage) {
  const paint = pen();
  let later: ReturnType<typeof setTimeout> | undefined;
  stage.container.append(paint.canvas);

  /** While the picture moves, only the most important labels are drawn. */
  function draw(): void {
    const { sigma, scene } = stage;
    const isMoving = sigma.getMouseCaptor().isMoving || sigma.getCamera().isAnimated();
    const isBrief = scene.visible.nodes.size > MANY && isMoving;
    clearTimeout(later);
    if (isBrief) later = setTimeout(draw, 150);
    clear(paint, sigma.getDimensions());
    drawLabels(stage, paint, isBrief ? 40 : 500);
  }

  return {
    draw,
    remove(): void {
      clearTimeout(later);
      paint.canvas.remove();
    },
  };
}

function drawLabels(stage: Stage, paint: Pen, most: number): void {
  const { scene } = stage;
  const { ink, frame, paper, chosen } = pageColours(scene.mode);
  const forced = forcedThings(stage);
  const things = thingLabels(stage, forced, most);
  const relations = stage.isCrowd ? [] : relationLabels(stage);
  const placed = placedLabels(stage, paint, things, relations);
  for (const iri of [scene.thing, scene.cursor]) ringAround(stage, paint, iri, chosen);
  const isRelation = new Set(relations.map(({ id }) => id));
  const colour = ({ id }: Placed): string =>
    isRelation.has(id) ? chosen : scene.chain.length && !forced.has(id) ? frame : ink;
  for (const label of placed) drawLabel(paint, label, colour(label), paper);
  if (hasBadges(stage)) drawBadges(stage, paint);
  for (const iri of Object.keys(scene.pinned)) {
    const spot = scene.visible.nodes.has(iri) && spotOf(stage, iri);
    if (spot) drawPin(paint, spot, chosen, paper);
  }
}

function forcedThings({ scene, hovered, onChain }: Stage): Set<string> {
  const wanted = [scene.thing, scene.cursor, hovered, ...onChain];
  return new Set(wanted.filter((iri): iri is string => iri !== null && scene.visible.nodes.has(iri)));
}

/** Labels of the forced things and then of the others on the screen, about `most` in all. */
function thingLabels(stage: Stage, forced: ReadonlySet<string>, most: number): Wanted[] {
  const { scene, ranking, sigma } = stage;
  const { width, height } = sigma.getDimensions();
  const important = new Set(ranking.slice(0, IMPORTANT));
  const isOnScreen = ({ x, y }: Spot): boolean =>
    x >= -AROUND && y >= -AROUND && x <= width + AROUND && y <= height + AROUND;
  const labels: Wanted[] = [];
  const add = (iri: string, isForced: boolean): void => {
    const spot = spotOf(stage, iri);
    if (!spot || !isOnScreen(spot)) return;
    labels.push({ id: iri, text: scene.name(iri), ...spot, isForced, isImportant: important.has(iri) });
  };
  for (const iri of forced) add(iri, true);
  for (const iri of ranking) {
    if (labels.length > most) break;
    if (!forced.has(iri)) add(iri, false);
  }
  return labels;
}

/** Names of the relations of the hovered or chosen thing, and of the chain. */
function relationLabels(stage: Stage): Wanted[] {
  const { scene, graph, hovered } = stage;
  const centre = hovered ?? scene.thing;
  const own = scene.chain.length || scene.fact || !centre || !graph.hasNode(centre) ? [] : graph.edges(centre);
  const sure = [...(scene.fact ? [scene.fact] : []), ...scene.chain];
  const keys = new Set([...sure, ...(own.length <= MOST_RELATIONS ? own : [])]);
  return [...keys].flatMap((key) => {
    const line = scene.visible.edges.has(key) ? lineOf(stage, key) : null;
    if (!line || Math.hypot(line[0].x - line[1].x, line[0].y - line[1].y) < SHORTEST) return [];
    const text = scene.name(graph.getEdgeAttribute(key, "predicate"));
    return [{ id: key, text, ...middle(line), radius: -1, isForced: sure.includes(key) }];
  });
}

function placedLabels(stage: Stage, paint: Pen, things: readonly Wanted[], relations: readonly Wanted[]): Placed[] {
  const { scene, sigma, isCrowd } = stage;
  const { width, height } = sigma.getDimensions();
  const { covered, visible } = scene;
  const signs = hasBadges(stage) ? disputes(stage) : [];
  const sheet: Sheet = {
    left: 0, top: covered.top, right: width - covered.right, bottom: height - covered.bottom,
    marks: [...things, ...signs.map((at) => ({ id: "", text: "", ...at, radius: BADGE, isForced: false }))],
    lines: visible.edges.size > MANY ? [] : lines(stage),
    most: isCrowd ? 60 : 160,
    longest: width < 640 ? LABEL.short : LABEL.longest,
    measure: (line) => widthOf(paint, line),
  };
  // forced labels first; relations before things, because they have one position only, things have eight
  const all = [...relations, ...things];
  return place([...all.filter(({ isForced }) => isForced), ...all.filter(({ isForced }) => !isForced)], sheet);
}

const middle = ([one, other]: readonly [Spot, Spot]): { x: number; y: number } =>
  ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

const lines = (stage: Stage): Line[] =>
  [...stage.scene.visible.edges].flatMap((key) => {
    const [one, other] = lineOf(stage, key) ?? [];
    return one && other ? [[one.x, one.y, other.x, other.y] as const] : [];
  });

function ringAround(stage: Stage, paint: Pen, iri: string | null, ink: string): void {
  const { thing, cursor, visible } = stage.scene;
  const spot = iri && visible.nodes.has(iri) ? spotOf(stage, iri) : null;
  if (spot) drawRing(paint, spot, iri === cursor && iri !== thing ? [4, 4] : [], ink);
}

const hasBadges = ({ isCrowd, scene }: Stage): boolean => !isCrowd && !scene.chain.length;

const disputes = (stage: Stage): { x: number; y: number }[] =>
  stage.disputed.flatMap((key) => {
    const line = lineOf(stage, key);
    return line ? [middle(line)] : [];
  });

/** A sign on disputed lines, and a question mark beside things with known unknowns. */
function drawBadges(stage: Stage, paint: Pen): void {
  const { warn, soft, paper } = pageColours(stage.scene.mode);
  for (const spot of disputes(stage)) drawBadge(paint, "≠", spot, warn, paper);
  for (const iri of stage.unknown) {
    const spot = spotOf(stage, iri);
    if (!spot) continue;
    const beside = { x: spot.x + spot.radius * 0.8, y: spot.y - spot.radius * 0.8 };
    drawBadge(paint, "?", beside, soft, paper);
  }
}
